// SdkType: the kinds of SDKs that API Gateway generates of an API, and what each asks for. The names are those that the
// guide's pages and the model of GetSdk use, and, with their titles, those of AWS's own serverless developer portal
// (github.com/awslabs/aws-api-gateway-developer-portal), which shows them to its users.
import { notFound } from "../../domain/errors.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { Call } from "../../domain/call.ts";

export interface SdkType {
  readonly id: string;
  readonly friendlyName: string;
  readonly description?: string;
  readonly configurationProperties: readonly ConfigurationProperty[];
}

export interface ConfigurationProperty {
  readonly name: string;
  readonly friendlyName: string;
  readonly description?: string;
  readonly required: boolean;
  readonly defaultValue?: string;
}

const needed = (name: string, friendlyName: string, description?: string): ConfigurationProperty => ({
  name,
  friendlyName,
  ...(description === undefined ? {} : { description }),
  required: true,
});

const possible = (name: string, friendlyName: string, description: string): ConfigurationProperty => ({ name, friendlyName, description, required: false });

const CLASS_PREFIX = needed("classPrefix", "Prefix");

/** In the order of their ids. */
export const SDK_TYPES: readonly SdkType[] = [
  {
    id: "android",
    friendlyName: "Android",
    configurationProperties: [
      needed("groupId", "Group ID"),
      needed("invokerPackage", "Invoker package"),
      needed("artifactId", "Artifact ID"),
      needed("artifactVersion", "Artifact version"),
    ],
  },
  {
    id: "java",
    friendlyName: "Java",
    description: "Java SDK generator for API Gateway APIs",
    configurationProperties: [
      needed("service.name", "Service Name", "Name of the service which is used to derive the Java interface name for your client"),
      needed("java.package-name", "Java Package Name", "Name of the Java package your code will be generated under"),
      possible("java.build-system", "Java Build System", "Build system to setup for project; Currently supported: maven, gradle"),
      possible("java.group-id", "Java Group Id", "Group id for your Maven or Gradle project. Defaults to package name"),
      possible("java.artifact-id", "Java Artifact Id", "Artifact Id for your Maven project or project name for your Gradle project. Defaults to service name"),
      possible("java.artifact-version", "Java Artifact Version", "Version of your Maven or Gradle project. Defaults to 1.0-SNAPSHOT"),
      possible("java.license-text", "Source Code License Text", "Customer provided license to inject into source file headers"),
    ],
  },
  { id: "javascript", friendlyName: "JavaScript", configurationProperties: [] },
  { id: "objectivec", friendlyName: "iOS (Objective-C)", configurationProperties: [CLASS_PREFIX] },
  {
    id: "ruby",
    friendlyName: "Ruby",
    description: "Ruby SDK generator for API Gateway APIs",
    configurationProperties: [
      needed("service.name", "Service Name", "Name of the service which is used to derive the name for your client"),
      possible("ruby.gem-name", "Ruby Gem Name", "Name of the Ruby gem your code will be generated under"),
      possible("ruby.gem-version", "Ruby Gem Version", "Version number for your service gem. Defaults to 1.0.0"),
    ],
  },
  { id: "swift", friendlyName: "iOS (Swift)", configurationProperties: [CLASS_PREFIX] },
];

/** The type of an id; undefined when there is none. */
export const sdkTypeOf = (id: string): SdkType | undefined => SDK_TYPES.find((type) => type.id === id);

export function sdkTypeOperations() {
  return {
    /** All of them are one page: the answer has no place for a position. */
    list: (_input: Model.GetSdkTypesRequest, _call: Call): Promise<Model.SdkTypes> => Promise.resolve({ items: SDK_TYPES }),
    read: async ({ id }: Model.GetSdkTypeRequest, _call: Call): Promise<Model.SdkType> => {
      const type = sdkTypeOf(id);
      if (type === undefined) throw notFound("Invalid SDK Type identifier specified");
      return type;
    },
  };
}
