// What updates of a domain name may do (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateDomainName-Patch).
import type { DomainEndpointType, DomainName, MutualTls } from "../../domain/domain-name.ts";
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import * as verbs from "../verbs/index.ts";
import { isPrivate, mutualTlsOf } from "./domain-name-rules.ts";
import { SECURITY_POLICIES } from "./security-policies.ts";

/** Quoted in github.com/hashicorp/terraform-provider-aws/issues/40692, and of other paths in 47552. */
const invalidInput = ({ path }: verbs.Operand): ServiceError => badRequest(`${path} Invalid request input`);

type CertificateMember =
  | "certificateName"
  | "certificateArn"
  | "regionalCertificateName"
  | "regionalCertificateArn"
  | "ownershipVerificationCertificateArn";

/** A certificate comes and goes. An empty value takes it away, as Terraform does. */
const certificate = (key: CertificateMember) => ({
  add: verbs.set<DomainName, CertificateMember>(key, verbs.someText),
  replace: verbs.set<DomainName, CertificateMember>(key, verbs.optionalText),
  remove: verbs.unset<DomainName>(key),
});

/** A setting of domain names of one sort alone. */
const onlyOf =
  (privateOnes: boolean, step: verbs.Step<DomainName>): verbs.Step<DomainName> =>
  (domain, operand) => {
    if (isPrivate(domain) !== privateOnes) throw invalidInput(operand);
    return step(domain, operand);
  };

const TYPES = ["EDGE", "REGIONAL", "PRIVATE"] as const;

/** Domain names move between edge-optimized and regional ones (guide: apigateway-regional-api-custom-domain-migrate). */
const changeTypes =
  (change: (types: readonly DomainEndpointType[], operand: verbs.Operand) => readonly DomainEndpointType[]): verbs.Step<DomainName> =>
  (domain, operand) => {
    const types = [...new Set(change(domain.types, operand))];
    if (isPrivate(domain) || types.includes("PRIVATE")) throw invalidInput(operand);
    // Guide: apigateway-security-policies, considerations of the endpoint access mode.
    if (domain.endpointAccessMode === "STRICT") throw invalidInput(operand);
    return { ...domain, types };
  };

/** The type stands in the path or is the value. */
const typeOf = (operand: verbs.Operand): DomainEndpointType => verbs.oneOf(...TYPES)({ ...operand, value: operand.names[0] ?? operand.value });

/** What stands at a place, or is named: Terraform replaces `/endpointConfiguration/types/0`. */
function replaceType(types: readonly DomainEndpointType[], operand: verbs.Operand): readonly DomainEndpointType[] {
  const [name] = operand.names;
  const place = types.findIndex((type, index) => type === name || String(index) === name);
  if (place < 0) throw invalidInput(operand);
  return types.with(place, verbs.oneOf(...TYPES)(operand));
}

/** Guide: apigateway-custom-domain-tls-version, considerations: not with several endpoint types. */
const securityPolicy: verbs.Step<DomainName> = (domain, operand) => {
  if (isPrivate(domain) || domain.types.length > 1) throw invalidInput(operand);
  return { ...domain, securityPolicy: verbs.oneOf(...SECURITY_POLICIES)(operand) };
};

const endpointAccessMode: verbs.Step<DomainName> = (domain, operand) => {
  if (domain.mutualTlsAuthentication !== undefined) throw invalidInput(operand);
  return verbs.set<DomainName, "endpointAccessMode">("endpointAccessMode", verbs.optional(verbs.oneOf("BASIC", "STRICT")))(domain, operand);
};

function mutualTls(member: keyof MutualTls): Record<"add" | "replace" | "remove", verbs.Step<DomainName>> {
  const change =
    (valueOf: (operand: verbs.Operand) => string | undefined): verbs.Step<DomainName> =>
    (domain, operand) => {
      const { mutualTlsAuthentication: before, ...rest } = domain;
      const { [member]: _replaced, ...kept } = before ?? {};
      const value = valueOf(operand);
      const after = mutualTlsOf({ ...kept, ...(value === undefined ? {} : { [member]: value }) });
      // The version of a truststore that is still to come has nowhere to stand.
      if (value !== undefined && after === undefined) throw invalidInput(operand);
      return after === undefined ? rest : { ...rest, mutualTlsAuthentication: after };
    };
  return { add: change(verbs.someText), replace: change(verbs.optionalText), remove: change(() => undefined) };
}

const ROUTING_MODES = ["BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_BASE_PATH_MAPPING"] as const;

export const domainNameRules: verbs.PatchRules<DomainName> = {
  "/certificateName": certificate("certificateName"),
  "/certificateArn": certificate("certificateArn"),
  "/endpointConfiguration/types": {
    add: changeTypes((types, operand) => [...types, typeOf(operand)]),
    remove: changeTypes((types, operand) => types.filter((type) => type !== typeOf(operand))),
  },
  "/endpointConfiguration/types/{type}": {
    add: changeTypes((types, operand) => [...types, typeOf(operand)]),
    replace: changeTypes(replaceType),
    remove: changeTypes((types, operand) => types.filter((type) => type !== typeOf(operand))),
  },
  "/endpointConfiguration/ipAddressType": {
    replace: verbs.set<DomainName, "ipAddressType">("ipAddressType", verbs.oneOf("ipv4", "dualstack")),
  },
  "/endpointAccessMode": { replace: onlyOf(false, endpointAccessMode) },
  "/managementPolicy": { replace: onlyOf(true, verbs.set("managementPolicy", verbs.optionalText)) },
  "/mutualTlsAuthentication/truststoreUri": mutualTls("truststoreUri"),
  "/mutualTlsAuthentication/truststoreVersion": mutualTls("truststoreVersion"),
  "/policy": { replace: onlyOf(true, verbs.set("policy", verbs.optionalText)) },
  "/regionalCertificateName": certificate("regionalCertificateName"),
  "/regionalCertificateArn": certificate("regionalCertificateArn"),
  "/routingMode": { replace: verbs.set<DomainName, "routingMode">("routingMode", verbs.oneOf(...ROUTING_MODES)) },
  "/securityPolicy": { replace: securityPolicy },
  "/ownershipVerificationCertificateArn": certificate("ownershipVerificationCertificateArn"),
};

/** The paths whose `add` and `remove` do not go together in one request, as the table says. */
const MIGRATION = /^\/(?:certificateName|certificateArn|regionalCertificateName|regionalCertificateArn|endpointConfiguration\/types(?:\/.*)?)$/;

/** @throws {ServiceError} BadRequestException */
export function checkMigration(operations: readonly verbs.PatchOperation[] = []): void {
  const ops = new Set(operations.filter(({ path = "" }) => MIGRATION.test(path)).map(({ op }) => op));
  if (ops.has("add") && ops.has("remove")) {
    throw badRequest("Invalid patch operations specified: endpoint types and their certificates cannot be added and removed in the same request");
  }
}
