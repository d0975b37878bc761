// ClientCertificate: what API Gateway shows to backends that ask who calls. Its private key stays in the store.
import type { Call } from "../../domain/call.ts";
import { type ClientCertificate, clientCertificateKeys, clientCertificates } from "../../domain/client-certificate.ts";
import { badRequest, limitExceeded, notFound } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { type Stage, stages } from "../../domain/rest-api.ts";
import { webSocketStages } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { holdAccount } from "./account.ts";
import { type CertifiedKey, certifiedKey } from "./client-certificate-x509.ts";
import { type ApiGatewayContext, unlessEmpty } from "./context.ts";
import { checkedTags } from "./tag-rules.ts";

/** Guide: getting-started-client-side-ssl-authentication, "Rotate an expiring client certificate". */
const VALID_MS = 365 * 86_400_000;

interface CertificateInput {
  readonly clientCertificateId: string;
}

export function clientCertificateOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: CertificateInput, call: Call) => findClientCertificate(context, input, call);
  return {
    generate: generation(context),
    read: verbs.reading(find, ({ value }) => show(value)),
    list: async (input: Model.GetClientCertificatesRequest, { account, region }: Call): Promise<Model.ClientCertificates> => {
      const page = await verbs.page(store, clientCertificates, [account, region], input);
      return { ...page, items: page.items.map(({ value }) => show(value)) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateClientCertificateRequest, call) => find(input, call),
      of: ({ value }) => value,
      rules,
      keep: ({ key, version }, next) => ({ changes: [put(clientCertificates, key, next, version)], answer: show(next) }),
    }),
    remove: verbs.removing(store, find, async (certificate) => {
      await assertUnused(context, certificate);
      return { changes: [remove(clientCertificates, certificate.key, certificate.version), remove(clientCertificateKeys, certificate.key, "any")] };
    }),
  };
}

/**
 * Certificates are made one after the other, so that many requests at once leave threads to the rest of the program, and
 * a key only once there is room for it.
 */
function generation(context: ApiGatewayContext) {
  const { clock, limits, store } = context;
  let last: Promise<unknown> = Promise.resolve();
  const create = verbs.writing(store, (input: NewCertificate, call) => creation(context, input, call));
  return async (input: Model.GenerateClientCertificateRequest, call: Call): Promise<Model.ClientCertificate> => {
    checkedTags(input.tags ?? {}, limits);
    const made = last.then(async () => {
      await assertQuota(context, call);
      const now = clock.now();
      const key = await certifiedKey({ notBefore: now, notAfter: now + VALID_MS });
      return create({ ...input, now, key }, call);
    });
    last = made.catch(() => undefined);
    return made;
  };
}

interface NewCertificate extends Model.GenerateClientCertificateRequest {
  readonly key: CertifiedKey;
  readonly now: number;
}

/** Writes the account's record as it is, so that certificates are stored one after the other and their quota is kept. */
async function creation(context: ApiGatewayContext, input: NewCertificate, call: Call): Promise<verbs.Decision<Model.ClientCertificate>> {
  const { description, tags = {}, key, now } = input;
  const held = await holdAccount(context, call);
  await assertQuota(context, call);
  const certificate: ClientCertificate = {
    clientCertificateId: context.ids.alphanumeric(6),
    ...(description ? { description } : {}),
    pemEncodedCertificate: key.certificate,
    createdDate: now,
    expirationDate: now + VALID_MS,
    tags,
  };
  const place = [call.account, call.region, certificate.clientCertificateId];
  const changes = [
    held,
    put(clientCertificates, place, certificate, "absent"),
    put(clientCertificateKeys, place, { privateKey: key.privateKey }, "absent"),
  ];
  return { changes, answer: show(certificate) };
}

/** @throws {ServiceError} NotFoundException */
export async function findClientCertificate(context: ApiGatewayContext, input: CertificateInput, call: Call): Promise<Stored<ClientCertificate>> {
  const certificate = await certificateOf(context, input.clientCertificateId, call);
  if (certificate === undefined) throw notFound("Invalid Client Certificate identifier specified");
  return certificate;
}

/** What something else than the certificate's own operations names. @throws {ServiceError} BadRequestException */
export async function namedClientCertificate(context: ApiGatewayContext, id: string, call: Call): Promise<Stored<ClientCertificate>> {
  const certificate = await certificateOf(context, id, call);
  if (certificate === undefined) throw badRequest("Invalid Client Certificate identifier specified");
  return certificate;
}

const certificateOf = ({ store }: ApiGatewayContext, id: string, { account, region }: Call) => store.get(clientCertificates, [account, region, id]);

/**
 * Changes that keep what a stage newly refers to from being deleted meanwhile.
 * @throws {ServiceError} BadRequestException when it does not exist
 */
export async function holdClientCertificate(context: ApiGatewayContext, next: Stage, before: Stage | undefined, call: Call): Promise<readonly Change[]> {
  const { clientCertificateId: id } = next;
  if (id === undefined || id === before?.clientCertificateId) return [];
  const certificate = await namedClientCertificate(context, id, call);
  return [put(clientCertificates, certificate.key, certificate.value, certificate.version)];
}

/** The words follow those of the refusal to delete a VPC link. @throws {ServiceError} BadRequestException while a stage uses it */
async function assertUnused({ store }: ApiGatewayContext, { key, value: { clientCertificateId: id } }: Stored<ClientCertificate>): Promise<void> {
  const [account, region] = key as [string, string];
  const index = { name: "clientCertificate", value: scoped(account, region, id) };
  const [{ items }, { items: webSocket }] = await Promise.all([store.list(stages, { index }), store.list(webSocketStages, { index })]);
  if (items.length + webSocket.length === 0) return;
  const users = [...items, ...webSocket].map(({ key: [, , apiId, stageName] }) => `${apiId}:${stageName}`).join(", ");
  throw badRequest(`Cannot delete client certificate. Client certificate '${id}', is referenced in [${users}] in format of [RESTApiId:Stage].`);
}

/** @throws {ServiceError} LimitExceededException when the account may have no further certificate in the region */
async function assertQuota({ store, limits }: ApiGatewayContext, { account, region }: Call): Promise<void> {
  if ((await store.count(clientCertificates, { prefix: [account, region] })) < limits.clientCertificates) return;
  throw limitExceeded(
    "Maximum number of Client Certificates for this account has been reached. Please contact AWS if you need additional Client Certificates.",
  );
}

const rules: verbs.PatchRules<ClientCertificate> = {
  "/description": { replace: verbs.set("description", verbs.optionalText) },
};

const show = (certificate: ClientCertificate): Model.ClientCertificate => ({ ...certificate, tags: unlessEmpty(certificate.tags) });
