// The calls that Terraform's AWS provider makes when it applies, refreshes, changes and destroys its resources
// besides APIs: domain names, VPC links, settings and certificates, in its order and with its spellings, and what it makes of the answers
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
import { afterAll, describe, expect, test } from "vitest";
import { call } from "../harness/control-plane.ts";
import { arnOf, gone, POLICY, TAGS, startForTerraform } from "../harness/terraform.ts";
import { EDGE_CERTIFICATE, MUTUAL_URI, ROLE, set } from "../harness/updatable.ts";

const { api, changeTags, start, stop } = await startForTerraform();
afterAll(stop);

const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";

describe("aws_api_gateway_domain_name and aws_api_gateway_base_path_mapping", () => {
  test("move from an edge-optimized endpoint to a regional one, and gain and lose mutual TLS", async () => {
    const domainName = "terraform.example.com";
    const made = await api.CreateDomainName({ domainName, certificateArn: EDGE_CERTIFICATE, tags: TAGS }, call);
    expect(await api.GetDomainName({ domainName }, call)).toEqual(made);
    expect(made.domainNameStatus).toBe("AVAILABLE");
    const regional = [set("/certificateArn", ""), set("/endpointConfiguration/types/0", "REGIONAL"), set("/regionalCertificateArn", EDGE_CERTIFICATE)];
    await api.UpdateDomainName({ domainName, patchOperations: regional }, call);
    const moved = await api.GetDomainName({ domainName }, call);
    expect(moved).toMatchObject({ endpointConfiguration: { types: ["REGIONAL"] }, regionalCertificateArn: EDGE_CERTIFICATE, domainNameStatus: "AVAILABLE" });
    expect([moved.certificateArn, moved.distributionDomainName]).toEqual([undefined, undefined]);
    const mutual = [
      set("/mutualTlsAuthentication/truststoreUri", MUTUAL_URI),
      set("/mutualTlsAuthentication/truststoreVersion", "1"),
      set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE),
      set("/securityPolicy", "TLS_1_2"),
    ];
    expect(await api.UpdateDomainName({ domainName, patchOperations: mutual }, call)).toEqual({
      ...moved,
      mutualTlsAuthentication: { truststoreUri: MUTUAL_URI, truststoreVersion: "1" },
      ownershipVerificationCertificateArn: EDGE_CERTIFICATE,
    });
    const none = [set("/mutualTlsAuthentication/truststoreUri", ""), set("/ownershipVerificationCertificateArn", "")];
    expect(await api.UpdateDomainName({ domainName, patchOperations: none }, call)).toEqual(moved);
    await changeTags(arnOf(`domainnames/${domainName}`));

    const { restApiId, deploymentId } = await start();
    await api.CreateStage({ restApiId, stageName: "prod", deploymentId }, call);
    // What is not configured is sent empty, and read as (none).
    const mapping = await api.CreateBasePathMapping({ domainName, restApiId, basePath: "", stage: "" }, call);
    expect(mapping).toEqual({ basePath: "(none)", restApiId });
    expect(await api.GetBasePathMapping({ domainName, basePath: "(none)" }, call)).toEqual(mapping);
    const named = [set("/restapiId", restApiId), set("/basePath", "v1"), set("/stage", "prod")];
    await api.UpdateBasePathMapping({ domainName, basePath: "(none)", patchOperations: named }, call);
    expect(await api.GetBasePathMapping({ domainName, basePath: "v1" }, call)).toEqual({ basePath: "v1", restApiId, stage: "prod" });
    await api.UpdateBasePathMapping({ domainName, basePath: "v1", patchOperations: [set("/basePath", ""), set("/stage", "")] }, call);
    expect(await api.GetBasePathMapping({ domainName, basePath: "(none)" }, call)).toEqual(mapping);
    await api.DeleteBasePathMapping({ domainName, basePath: "(none)" }, call);
    await gone(api.GetBasePathMapping({ domainName, basePath: "(none)" }, call));
    await api.DeleteDomainName({ domainName }, call);
    await gone(api.GetDomainName({ domainName }, call));
  });

  test("a private one is read and mapped by its id, and aws_api_gateway_domain_name_access_association is made and found", async () => {
    const domainName = "private.example.com";
    const made = await api.CreateDomainName({ domainName, certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] }, policy: POLICY }, call);
    const key = { domainName, domainNameId: made.domainNameId as string };
    expect(await api.GetDomainName(key, call)).toEqual(made);
    const { id: restApiId = "" } = await api.CreateRestApi({ name: "p", endpointConfiguration: { types: ["PRIVATE"] } }, call);
    const mapping = await api.CreateBasePathMapping({ ...key, restApiId, basePath: "v1" }, call);
    expect(await api.GetBasePathMapping({ ...key, basePath: "v1" }, call)).toEqual(mapping);
    const source = { domainNameArn: made.domainNameArn as string, accessAssociationSource: "vpce-1", accessAssociationSourceType: "VPCE" } as const;
    const association = await api.CreateDomainNameAccessAssociation({ ...source, tags: TAGS }, call);
    const { items } = await api.GetDomainNameAccessAssociations({}, call);
    expect(items).toEqual([association]);
    await api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn: association.domainNameAccessAssociationArn as string }, call);
    await api.DeleteBasePathMapping({ ...key, basePath: "v1" }, call);
    await api.DeleteDomainName(key, call);
    await gone(api.GetDomainName(key, call));
  });
});

test("aws_api_gateway_vpc_link is waited for, changed and waited for again", async () => {
  const made = await api.CreateVpcLink({ name: "link", description: "d", targetArns: [NLB], tags: TAGS }, call);
  const key = { vpcLinkId: made.id as string };
  expect(made).toEqual({ id: made.id, name: "link", description: "d", targetArns: [NLB], tags: TAGS, status: "PENDING" });
  const ready = { status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" };
  expect(await api.GetVpcLink(key, call)).toEqual({ ...made, ...ready });
  expect(await api.UpdateVpcLink({ ...key, patchOperations: [set("/name", "other"), set("/description", "")] }, call)).toEqual({
    id: made.id,
    name: "other",
    targetArns: [NLB],
    tags: TAGS,
    ...ready,
  });
  await changeTags(arnOf(`vpclinks/${made.id}`));
  // Where only tags have changed, the update is an empty one.
  expect(await api.UpdateVpcLink({ ...key, patchOperations: [] }, call)).toMatchObject({ name: "other", tags: TAGS });
  await api.DeleteVpcLink(key, call);
  await gone(api.GetVpcLink(key, call));
});

test("aws_api_gateway_account and aws_api_gateway_client_certificate", async () => {
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
  const account = await api.GetAccount({}, call);
  expect(account).toEqual({ cloudwatchRoleArn: ROLE, throttleSettings: { burstLimit: 5000, rateLimit: 10_000 }, features: ["UsagePlans"], apiKeyVersion: "4" });
  // With reset_on_delete.
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", "")] }, call);
  expect((await api.GetAccount({}, call)).cloudwatchRoleArn).toBeUndefined();
  await api.UpdateAccount({ patchOperations: [] }, call);

  const certificate = await api.GenerateClientCertificate({ description: "d", tags: TAGS }, call);
  const key = { clientCertificateId: certificate.clientCertificateId as string };
  expect(await api.GetClientCertificate(key, call)).toEqual(certificate);
  expect([certificate.createdDate, certificate.expirationDate]).toEqual([expect.any(Date), expect.any(Date)]);
  await api.UpdateClientCertificate({ ...key, patchOperations: [set("/description", "other")] }, call);
  expect(await api.GetClientCertificate(key, call)).toEqual({ ...certificate, description: "other" });
  await changeTags(arnOf(`clientcertificates/${key.clientCertificateId}`));
  await api.DeleteClientCertificate(key, call);
  await gone(api.GetClientCertificate(key, call));
});
