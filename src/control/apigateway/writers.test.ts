// Two writers of one thing, of every kind that is updated: neither's update is lost, and one that is refused changes nothing.
import { describe, expect, test } from "vitest";
import { refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { add, deployed, type Patch, ROLE, set, UPDATABLES } from "../../../test/harness/updatable.ts";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import type { Store } from "../../ports/store.ts";

/** An update of each kind of thing by one writer and by another; where a thing has one member to update, both update it. */
const WRITES: Readonly<Record<string, readonly [one: Patch, other: Patch]>> = {
  UpdateAccount: [set("/cloudwatchRoleArn", ROLE), add("/features", "UsagePlans")],
  UpdateApiKey: [set("/description", "one"), set("/name", "other")],
  UpdateAuthorizer: [set("/name", "one"), set("/authorizerResultTtlInSeconds", "7")],
  UpdateBasePathMapping: [set("/stage", "prod"), set("/stage", "")],
  UpdateClientCertificate: [set("/description", "one"), set("/description", "other")],
  UpdateDeployment: [set("/description", "one"), set("/description", "other")],
  UpdateDocumentationPart: [set("/properties", '{"description":"one"}'), set("/properties", '{"description":"other"}')],
  UpdateDocumentationVersion: [set("/description", "one"), set("/description", "other")],
  UpdateDomainName: [set("/routingMode", "ROUTING_RULE_ONLY"), set("/securityPolicy", "TLS_1_0")],
  UpdateGatewayResponse: [set("/statusCode", "418"), add("/responseParameters/gatewayresponse.header.b", "'b'")],
  UpdateIntegration: [set("/timeoutInMillis", "500"), add("/requestTemplates/text~1plain", "a")],
  UpdateIntegrationResponse: [set("/selectionPattern", "2.."), add("/responseTemplates/text~1plain", "a")],
  UpdateMethod: [set("/apiKeyRequired", "true"), set("/operationName", "other")],
  UpdateMethodResponse: [add("/responseParameters/method.response.header.a", "true"), add("/responseModels/text~1plain", "Empty")],
  UpdateModel: [set("/description", "one"), set("/schema", '{"type":"object"}')],
  UpdateRequestValidator: [set("/name", "one"), set("/validateRequestBody", "true")],
  UpdateResource: [set("/pathPart", "cats"), set("/pathPart", "dogs")],
  UpdateRestApi: [set("/name", "one"), add("/binaryMediaTypes/image~1png", "")],
  UpdateStage: [set("/description", "one"), set("/variables/other", "v")],
  UpdateUsage: [set("/remaining", "5"), set("/remaining", "9")],
  UpdateUsagePlan: [set("/name", "one"), set("/throttle/burstLimit", "7")],
  UpdateVpcLink: [set("/name", "one"), set("/description", "other")],
};

/** A thing, and two control planes on its store; what `meanwhile` is given happens once, just before the first one's next commit. */
async function start(operation: string) {
  const store = createMemoryStore();
  let between: (() => Promise<unknown>) | undefined;
  const commit: Store["commit"] = async (changes) => {
    const now = between;
    between = undefined;
    await now?.();
    return store.commit(changes);
  };
  const interrupted = new Proxy(store, {
    get(target, name) {
      const member: unknown = name === "commit" ? commit : Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  const { api } = startControlPlane({ store: interrupted });
  const thing = await (UPDATABLES[operation] as (typeof UPDATABLES)[string])(api, await deployed(api), "bare");
  const other = startControlPlane({ store, firstId: 1000 }).api;
  return { api, other, thing, meanwhile: (does: () => Promise<unknown>) => (between = does), wasInterrupted: () => between === undefined };
}

test("every kind of thing that is updated is in the table", () => {
  expect(Object.keys(WRITES).sort()).toEqual(Object.keys(UPDATABLES).sort());
});

/** An answer without what is drawn at random. */
const comparable = (answer: unknown): unknown => ({ ...(answer as object), pemEncodedCertificate: undefined });

describe.each(Object.entries(WRITES))("%s", (operation, [one, another]) => {
  test("keeps what another writer has made of the thing since it was read", async () => {
    const inTurn = await start(operation);
    await inTurn.thing.update(inTurn.other, [another]);
    const expected = comparable(await inTurn.thing.update(inTurn.api, [one]));
    const { api, other, thing, meanwhile, wasInterrupted } = await start(operation);
    meanwhile(() => thing.update(other, [another]));
    expect(comparable(await thing.update(api, [one]))).toEqual(expected);
    expect(wasInterrupted()).toBe(true);
    expect(comparable(await thing.update(other, []))).toEqual(expected);
  });

  test("changes nothing when one of its operations is refused, nor when the thing is removed meanwhile", async () => {
    const { api, other, thing, meanwhile } = await start(operation);
    const before = await thing.update(api, []);
    expect(await refusal(thing.update(api, [one, set("/no~1such", "")]))).toMatch(/^BadRequestException: /);
    expect(await thing.update(api, [])).toEqual(before);
    const { remove } = thing;
    if (remove === undefined) return;
    meanwhile(() => remove(other));
    const outcome = await refusal(thing.update(api, [one]));
    // A response that is not customized is there all the same, and an update customizes it.
    expect(outcome).toMatch(operation === "UpdateGatewayResponse" ? /^accepted: / : /^NotFoundException: /);
  });
});
