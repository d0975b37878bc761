// Reserved concurrency, and the account's limits that it counts towards.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, type Store, type Stored } from "../../ports/store.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { readWhole } from "./function-name.ts";
import { UNZIPPED_LIMIT, ZIPPED_LIMIT } from "./packages.ts";
import { functions, versions, type CodeReference, type FunctionRecord } from "./records.ts";
import { requireFunction } from "./resolve.ts";

type Names = "PutFunctionConcurrency" | "GetFunctionConcurrency" | "DeleteFunctionConcurrency" | "GetAccountSettings";

const ACCOUNT_CONCURRENCY = 1_000;
/** What must be left for functions without a reservation. */
const UNRESERVED_MINIMUM = 100;
/** 75 GB */
const CODE_STORAGE = 80_530_636_800;

export function concurrencyOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, Names> {
  const { store } = context;
  return {
    async PutFunctionConcurrency(input, call) {
      const id = readWhole(call, "PutFunctionConcurrency", input.FunctionName);
      const { value, version } = await requireFunction(context, id);
      const others = reserved((await everyFunction(store, call)).filter(({ value: { name } }) => name !== id.name));
      if (ACCOUNT_CONCURRENCY - others - input.ReservedConcurrentExecutions < UNRESERVED_MINIMUM) {
        throw new ServiceError(
          "InvalidParameterValueException",
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution " +
            `below its minimum value of [${UNRESERVED_MINIMUM}].`,
        );
      }
      const reservedConcurrency = input.ReservedConcurrentExecutions;
      await context.commit(id, [put(functions, keyOf(id), { ...value, reservedConcurrency }, version)]);
      return { ReservedConcurrentExecutions: reservedConcurrency };
    },

    async GetFunctionConcurrency(input, call) {
      const { value } = await requireFunction(context, readWhole(call, "GetFunctionConcurrency", input.FunctionName));
      return value.reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: value.reservedConcurrency };
    },

    async DeleteFunctionConcurrency(input, call) {
      const id = readWhole(call, "DeleteFunctionConcurrency", input.FunctionName);
      const { value, version } = await requireFunction(context, id);
      const { reservedConcurrency: _removed, ...rest } = value;
      await context.commit(id, [put(functions, keyOf(id), rest, version)]);
      return {};
    },

    async GetAccountSettings(_input, call) {
      const prefix = [call.account, call.region];
      const [all, published] = await Promise.all([everyFunction(store, call), store.list(versions, { prefix })]);
      const code = [...all.map(({ value }) => value.config.code), ...published.items.map(({ value }) => value.config.code)];
      return {
        AccountLimit: {
          TotalCodeSize: CODE_STORAGE,
          CodeSizeUnzipped: UNZIPPED_LIMIT,
          CodeSizeZipped: ZIPPED_LIMIT,
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reserved(all),
        },
        AccountUsage: { TotalCodeSize: code.reduce((sum, reference) => sum + sizeOf(reference), 0), FunctionCount: all.length },
      };
    },
  };
}

async function everyFunction(store: Store, { account, region }: Call): Promise<readonly Stored<FunctionRecord>[]> {
  return (await store.list(functions, { prefix: [account, region] })).items;
}

const reserved = (all: readonly Stored<FunctionRecord>[]): number =>
  all.reduce((sum, { value }) => sum + (value.reservedConcurrency ?? 0), 0);

const sizeOf = (code: CodeReference): number => (code.type === "package" ? code.size : 0);
