// AppConfig-GetConfiguration (https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_GetConfiguration.html).
import { encodeQuery, formatQuery } from "../../query.ts";
import { invalid, type ServiceActions } from "./action.ts";

export const APPCONFIG_ACTIONS: ServiceActions = {
  "AppConfig-GetConfiguration": {
    service: "appconfig",
    hostPrefix: "",
    encode({ Application = "", ClientConfigurationVersion, ClientId = "", Configuration = "", Environment = "" }) {
      const path = [
        ["applications", segment("Application", Application)],
        ["environments", segment("Environment", Environment)],
        ["configurations", segment("Configuration", Configuration)],
      ].flat();
      const version = ClientConfigurationVersion === undefined ? [] : ["client_configuration_version", ClientConfigurationVersion];
      const query = formatQuery(["client_id", ClientId, ...version]);
      return { method: "GET", target: `/${path.join("/")}?${query}`, headers: [], body: undefined };
    },
  },
};

/** Nothing that would make the path another action's. */
function segment(name: string, text: string): string {
  if (/^\.{0,2}$/.test(text)) throw invalid(name, "the name or the id of one");
  return encodeQuery(text);
}
