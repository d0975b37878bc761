// What is the same of all parts of a WebSocket API's definition: how they are made, shown, listed, changed and taken away.
import type { Call } from "../../../domain/call.ts";
import { notFound } from "../../../domain/errors.ts";
import type { RecordKind } from "../../../domain/record.ts";
import type { WebSocketApiDefinition } from "../../../domain/websocket-api.ts";
import type { Change, Stored } from "../../../ports/store.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, pageOf, shownPage } from "../context.ts";
import { withPart } from "../definition.ts";
import { tooMany } from "../route.ts";
import { definitionOf, findApi, findDefinition, type FoundDefinition, redefined } from "./definition.ts";

type Parts = Pick<WebSocketApiDefinition, "routes" | "integrations" | "authorizers" | "models">;
export type PartName = keyof Parts;
export type PartOf<Name extends PartName> = Parts[Name][number];

/** How a kind of parts is found. */
export interface PartPlace<Name extends PartName, Input> {
  readonly name: Name;
  /** AWS's word for one: `Route`. */
  readonly word: string;
  idIn(input: Input): string;
  idOf(part: PartOf<Name>): string;
}

export interface PartRules<Name extends PartName, Input extends ApiInput, Create extends ApiInput, Update extends Input, Shown> extends PartPlace<Name, Input> {
  readonly kind: RecordKind<PartOf<Name>>;
  /** How many an API may have. */
  readonly most: number;
  make(input: Create): PartOf<Name>;
  readonly rules: verbs.MergeRules<PartOf<Name>, Update>;
  /** @throws {ServiceError} for members that parts of WebSocket APIs do not have */
  refuseOthers(input: Create | Update): void;
  /** @throws {ServiceError} when the part may not be one of the definition's */
  check(part: PartOf<Name>, definition: WebSocketApiDefinition): void;
  /** What else of the definition changes with a part that is put. */
  along?(definition: WebSocketApiDefinition): WebSocketApiDefinition;
  /** Changes that keep what the part refers to from being deleted meanwhile. @throws {ServiceError} when it does not exist */
  hold?(part: PartOf<Name>, call: Call): Promise<readonly Change[]>;
  /** @throws {ServiceError} while another part refers to this one */
  checkUnused(part: PartOf<Name>, definition: WebSocketApiDefinition): void;
  show(part: PartOf<Name>): Shown;
}

export interface FoundPart<Name extends PartName> {
  readonly found: FoundDefinition;
  readonly part: PartOf<Name>;
}

/** @throws {ServiceError} NotFoundException */
export async function findPart<Name extends PartName, Input extends ApiInput>(
  context: ApiGatewayV2Context,
  { name, word, idIn, idOf }: PartPlace<Name, Input>,
  input: Input,
  call: Call,
): Promise<FoundPart<Name>> {
  const found = await findDefinition(context, input, call);
  const stored: readonly Stored<PartOf<Name>>[] = found[name];
  const part = stored.find(({ value }) => idOf(value) === idIn(input))?.value;
  if (part === undefined) throw notFound(`Invalid ${word} identifier specified`);
  return { found, part };
}

export function partOperations<Name extends PartName, Input extends ApiInput, Create extends ApiInput, Update extends Input, Shown>(
  context: ApiGatewayV2Context,
  part: PartRules<Name, Input, Create, Update, Shown>,
) {
  const { store } = context;
  const find = (input: Input, call: Call) => findPart(context, part, input, call);
  const keep = async (found: FoundDefinition, next: PartOf<Name>, call: Call): Promise<verbs.Decision<Shown>> => {
    const before = definitionOf(found);
    part.check(next, before);
    const held = (await part.hold?.(next, call)) ?? [];
    const definition = { ...before, [part.name]: withPart(before[part.name] as readonly PartOf<Name>[], next, part.idOf) };
    const { changes, ...decision } = await redefined(context, found, part.along?.(definition) ?? definition);
    return { ...decision, changes: [...held, ...changes], answer: part.show(next) };
  };
  return {
    create: verbs.writing(store, async (input: Create, call): Promise<verbs.Decision<Shown>> => {
      const found = await findDefinition(context, input, call);
      part.refuseOthers(input);
      if (found[part.name].length >= part.most) throw tooMany(`${part.word}s`);
      return keep(found, part.make(input), call);
    }),
    read: verbs.reading(find, (found): Shown => part.show(found.part)),
    list: async (input: ApiInput & { readonly MaxResults?: string; readonly NextToken?: string }, call: Call) => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, part.kind, api.key, pageOf(input)), ({ value }) => part.show(value));
    },
    merge: verbs.merging(store, {
      find: async (input: Update, call) => {
        const found = await find(input, call);
        part.refuseOthers(input);
        return found;
      },
      of: (found): PartOf<Name> => found.part,
      rules: part.rules,
      keep: ({ found }, next, _input, call) => keep(found, next, call),
    }),
    remove: verbs.removing(store, find, ({ found, part: gone }) => {
      const before = definitionOf(found);
      part.checkUnused(gone, before);
      const rest = (before[part.name] as readonly PartOf<Name>[]).filter((each) => each !== gone);
      return redefined(context, found, { ...before, [part.name]: rest });
    }),
  };
}
