// Publishing versions.
import type { Call } from "../../domain/call.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { LambdaContext } from "./context.ts";
import { checkRevision, invalidParameter } from "./errors.ts";
import { readWhole } from "./function-name.ts";
import { codeSha256 } from "./packages.ts";
import { publish } from "./publish.ts";
import { requireFunction } from "./resolve.ts";
import { unbuilt } from "./settings.ts";

export function versionOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, "PublishVersion"> {
  return {
    async PublishVersion(input, call) {
      const id = readWhole(call, "PublishVersion", input.FunctionName);
      if (input.PublishTo !== undefined) throw unbuilt("PublishTo");
      const { value: record, version } = await requireFunction(context, id);
      checkRevision(input.RevisionId, record.config.revisionId);
      const present = codeSha256(record.config.code);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== "" && input.CodeSha256 !== present) {
        throw invalidParameter(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${present}). ` +
            "Please try again with the CodeSHA256 in $LATEST.",
        );
      }
      const description = input.Description === undefined || input.Description === "" ? {} : { description: input.Description };
      return publish(context, id, { record, expect: version, ...description });
    },
  };
}
