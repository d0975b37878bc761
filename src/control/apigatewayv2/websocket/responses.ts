// The responses that hang on parts of a WebSocket API, and are stored with them: of routes and of integrations.
import type { Call } from "../../../domain/call.ts";
import { conflict, notFound } from "../../../domain/errors.ts";
import type { WebSocketApiDefinition } from "../../../domain/websocket-api.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, given, limitExceeded, pageOf } from "../context.ts";
import { withPart } from "../definition.ts";
import { definitionOf, redefined } from "./definition.ts";
import { findPart, type FoundPart, type PartOf, type PartPlace } from "./parts.ts";

/** A page's answer is not asked for by a store, and so its tokens are texts of its own. */
type ListInput<Owner> = Owner & { readonly MaxResults?: string; readonly NextToken?: string };

export interface ResponseRules<Name extends "routes" | "integrations", Owner extends ApiInput, Input extends Owner, Create extends Owner, Update extends Input, Response, Shown> {
  readonly owner: PartPlace<Name, Owner>;
  /** AWS's word for one: `RouteResponse`. */
  readonly word: string;
  /** How many an owner may have. */
  readonly most: number;
  of(owner: PartOf<Name>): readonly Response[];
  with(owner: PartOf<Name>, responses: readonly Response[]): PartOf<Name>;
  idIn(input: Input): string;
  idOf(response: Response): string;
  keyOf(response: Response): string;
  make(input: Create): Response;
  readonly rules: verbs.MergeRules<Response, Update>;
  /** @throws {ServiceError} when the response may not be one of the owner's */
  check(response: Response, owner: PartOf<Name>, definition: WebSocketApiDefinition): void;
  show(response: Response): Shown;
}

export function responseOperations<Name extends "routes" | "integrations", Owner extends ApiInput, Input extends Owner, Create extends Owner, Update extends Input, Response, Shown>(
  context: ApiGatewayV2Context,
  response: ResponseRules<Name, Owner, Input, Create, Update, Response, Shown>,
) {
  const { store } = context;
  const { owner } = response;
  const find = async (input: Input, call: Call) => {
    const { found, part } = await findPart(context, owner, input, call);
    const one = response.of(part).find((each) => response.idOf(each) === response.idIn(input));
    if (one === undefined) throw notFound(`Invalid ${response.word} identifier specified`);
    return { found, part, one };
  };
  const written = ({ found, part }: FoundPart<Name>, responses: readonly Response[]) => {
    const before = definitionOf(found);
    const owners = withPart(before[owner.name] as readonly PartOf<Name>[], response.with(part, responses), owner.idOf);
    return redefined(context, found, { ...before, [owner.name]: owners });
  };
  const keep = async (at: FoundPart<Name>, next: Response): Promise<verbs.Decision<Shown>> => {
    const all = response.of(at.part);
    response.check(next, at.part, definitionOf(at.found));
    const rival = all.find((each) => response.keyOf(each) === response.keyOf(next) && response.idOf(each) !== response.idOf(next));
    if (rival !== undefined) throw conflict(`${response.word} with key ${response.keyOf(next)} already exists for this ${owner.word}`);
    const isNew = all.every((each) => response.idOf(each) !== response.idOf(next));
    if (isNew && all.length >= response.most) throw limitExceeded(`Maximum number of ${response.word}s for this ${owner.word} has been reached.`);
    return { ...(await written(at, withPart(all, next, response.idOf))), answer: response.show(next) };
  };
  return {
    create: verbs.writing(store, async (input: Create, call): Promise<verbs.Decision<Shown>> => {
      const at = await findPart(context, owner, input, call);
      return keep(at, response.make(input));
    }),
    read: verbs.reading(find, ({ one }): Shown => response.show(one)),
    list: async (input: ListInput<Owner>, call: Call) => {
      const { part } = await findPart(context, owner, input, call);
      const { items, position } = verbs.pageOf(response.of(part), response.idOf, pageOf(input));
      return { Items: items.map(response.show), ...given({ NextToken: position }) };
    },
    merge: verbs.merging(store, {
      find: (input: Update, call) => find(input, call),
      of: ({ one }): Response => one,
      rules: response.rules,
      keep: (at, next) => keep(at, next),
    }),
    remove: verbs.removing(store, find, (at) => written(at, response.of(at.part).filter((each) => each !== at.one))),
  };
}
