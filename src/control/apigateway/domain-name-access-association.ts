// DomainNameAccessAssociation: lets a VPC endpoint use a private domain name, of its own account or of another's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html).
import type { Call } from "../../domain/call.ts";
import type { AccessAssociation, DomainName } from "../../domain/domain-name.ts";
import {
  accessAssociationArn,
  accessAssociations,
  domainNameArn,
  domainNameKey,
  domainNames,
  parseAccessAssociationArn,
  parsePrivateDomainNameArn,
} from "../../domain/domain-name.ts";
import { badRequest, conflict, limitExceeded, notFound, ServiceError } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { holdAccount } from "./account.ts";
import { type ApiGatewayContext, unlessEmpty } from "./context.ts";
import { mayAssociate } from "./domain-name-access.ts";
import { checkedTags } from "./tag-rules.ts";

export function accessAssociationOperations(context: ApiGatewayContext) {
  const { store } = context;
  return {
    create: verbs.writing(store, (input: Model.CreateDomainNameAccessAssociationRequest, call) => creation(context, input, call)),
    list: (input: Model.GetDomainNameAccessAssociationsRequest, call: Call): Promise<Model.DomainNameAccessAssociations> =>
      listed(context, input, call),
    /** Of the caller's own account alone. */
    remove: verbs.removing(
      store,
      (input: Model.DeleteDomainNameAccessAssociationRequest, call: Call) =>
        findAccessAssociation(context, input.domainNameAccessAssociationArn, call),
      ({ key, version }) => ({ changes: [remove(accessAssociations, key, version)] }),
    ),
    /** The owner of a domain name ends an association of another account. */
    reject: verbs.removing(
      store,
      (input: Model.RejectDomainNameAccessAssociationRequest, call: Call) => findForeign(context, input, call),
      ({ key, version }) => ({ changes: [remove(accessAssociations, key, version)] }),
    ),
  };
}

const unknownAssociation = (): ServiceError => notFound("Invalid domain name access association identifier specified");

/** An association of the caller's account. @throws {ServiceError} NotFoundException */
export async function findAccessAssociation(
  { store }: ApiGatewayContext,
  arn: string,
  { account, region }: Call,
): Promise<Stored<AccessAssociation>> {
  const key = parseAccessAssociationArn(arn);
  const found = key?.[0] === account && key[1] === region ? await store.get(accessAssociations, key) : undefined;
  if (found === undefined) throw unknownAssociation();
  return found;
}

async function findForeign(
  { store }: ApiGatewayContext,
  input: Model.RejectDomainNameAccessAssociationRequest,
  { account, region }: Call,
): Promise<Stored<AccessAssociation>> {
  const domain = parsePrivateDomainNameArn(input.domainNameArn);
  if (domain?.account !== account || domain.region !== region) throw badRequest(`Invalid ARN specified: ${input.domainNameArn}`);
  const key = parseAccessAssociationArn(input.domainNameAccessAssociationArn);
  const found = key && key[0] !== account ? await store.get(accessAssociations, key) : undefined;
  if (found?.value.domainNameArn !== input.domainNameArn) throw unknownAssociation();
  return found;
}

async function creation(
  context: ApiGatewayContext,
  input: Model.CreateDomainNameAccessAssociationRequest,
  call: Call,
): Promise<verbs.Decision<Model.DomainNameAccessAssociation>> {
  const { limits, store } = context;
  const { accessAssociationSource: source, accessAssociationSourceType, tags = {} } = input;
  const domain = await findTarget(context, input.domainNameArn, call);
  if (!/^vpce-[0-9a-z]+$/.test(source)) throw badRequest(`Invalid VPC endpoint identifier specified: ${source}`);
  checkedTags(tags, limits);
  const { domainName, domainNameId = "" } = domain.value;
  const key = [call.account, call.region, `${domainName}+${domainNameId}`, source];
  if ((await store.get(accessAssociations, key)) !== undefined) throw conflict("Domain name access association already exists");
  await assertQuota(context, call);
  const association: AccessAssociation = {
    domainNameArn: domainNameArn(domain.value),
    accessAssociationSourceType,
    accessAssociationSource: source,
    tags,
  };
  const changes = [
    await holdAccount(context, call),
    // As it is: a domain name that is deleted at the same moment gets no association.
    put(domainNames, domain.key, domain.value, domain.version),
    put(accessAssociations, key, association, "absent"),
  ];
  return { changes, answer: show({ key, value: association }) };
}

/** The private domain name that an association is for. @throws {ServiceError} BadRequestException; UnauthorizedException */
async function findTarget({ store }: ApiGatewayContext, arn: string, { account, region }: Call): Promise<Stored<DomainName>> {
  const named = parsePrivateDomainNameArn(arn);
  if (named === undefined || named.region !== region) throw badRequest(`Invalid ARN specified: ${arn}`);
  const domain = await store.get(domainNames, domainNameKey(named.account, region, named.domainName, named.domainNameId));
  if (domain === undefined) throw badRequest("Invalid domain name identifier specified");
  if (mayAssociate(domain.value, account) === "Allow") return domain;
  throw new ServiceError("UnauthorizedException", `The management policy of ${arn} does not allow account ${account} to create access associations`);
}

/** @throws {ServiceError} LimitExceededException */
async function assertQuota({ limits, store }: ApiGatewayContext, { account, region }: Call): Promise<void> {
  if ((await store.count(accessAssociations, { prefix: [account, region] })) < limits.domainNameAccessAssociations) return;
  throw limitExceeded(
    "Maximum number of Domain Name Access Associations for this account has been reached. " +
      "Please contact AWS if you need additional Domain Name Access Associations.",
  );
}

/** An account's own, or those of others with its domain names. */
async function listed(
  { store }: ApiGatewayContext,
  input: Model.GetDomainNameAccessAssociationsRequest,
  { account, region }: Call,
): Promise<Model.DomainNameAccessAssociations> {
  if (input.resourceOwner !== "OTHER_ACCOUNTS") {
    const page = await verbs.page(store, accessAssociations, [account, region], input);
    return { ...page, items: page.items.map(show) };
  }
  const { items } = await store.list(accessAssociations, { index: { name: "owner", value: scoped(account, region) } });
  const foreign = items.filter(({ key }) => key[0] !== account);
  const page = verbs.pageOf(foreign, ({ key }) => scoped(...key), input);
  return { ...page, items: page.items.map(show) };
}

const show = ({ key, value }: Pick<Stored<AccessAssociation>, "key" | "value">): Model.DomainNameAccessAssociation => ({
  ...value,
  domainNameAccessAssociationArn: accessAssociationArn(key),
  tags: unlessEmpty(value.tags),
});
