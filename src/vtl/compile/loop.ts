// #foreach, with $foreach, $velocityCount and $velocityHasNext.
import { TemplateRuntimeError } from "../errors.ts";
import { iterate } from "../methods/index.ts";
import type { LoopValue, Value } from "../values/index.ts";
import { MapValue } from "../values/index.ts";
import type { Directive } from "../syntax/index.ts";
import type { Compiler } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import { nullFrame, StopSignal } from "./frame.ts";
import type { Render, Run } from "./run.ts";

/** What beginning a loop, and each time through it, cost in comparison with other statements. */
const LOOP_STEPS = 8;
const ITERATION_STEPS = 3;

function isLoop(value: Value): value is LoopValue {
  return value !== null && typeof value === "object" && "kind" in value && value.kind === "loop";
}

function putBack(frame: Frame, name: string, value: Value): void {
  if (value === null) frame.remove(name);
  else frame.put(name, value);
}

/** Takes the loop's `$foreach` away again, unless the template has put something else there. */
function endScope(frame: Frame, replaced: Value): void {
  const scope = frame.get("foreach");
  if (isLoop(scope)) putBack(frame, "foreach", scope.parent ?? replaced);
}

function tooMany(run: Run): TemplateRuntimeError {
  return new TemplateRuntimeError(`A #foreach goes through more than ${run.meter.limits.iterations} elements`);
}

function changed(): TemplateRuntimeError {
  return new TemplateRuntimeError("java.util.ConcurrentModificationException: a #foreach changes what it goes through");
}

/** Whether a signal ends this loop; one that is for another passes through. */
function endsLoop(signal: unknown, loop: LoopValue): boolean {
  return signal instanceof StopSignal && (signal.target === "nearest" || signal.target === loop);
}

export function compileForeach({ args, body, span }: Directive, compiler: Compiler): Render {
  const [element, , listed] = args;
  if (element === undefined || listed === undefined || args.length !== 3 || body === undefined) {
    throw compiler.error("#foreach is written #foreach($element in $list)", span);
  }
  const name = element.kind === "reference" ? compiler.reference(element).root : "";
  if (name === "") throw compiler.error("The element of a #foreach is a reference", element.span);
  const list = compiler.evaluation(listed);
  const content = compiler.block(body.statements);

  return (run, frame) => {
    const iteration = iterate(list(run, frame), run);
    if (iteration === undefined) return;
    run.meter.step(LOOP_STEPS);
    const before = [name, "velocityCount", "velocityHasNext"].map((kept) => [kept, frame.get(kept)] as const);
    const outer = frame.get("foreach");
    const loop: LoopValue = {
      kind: "loop",
      parent: isLoop(outer) ? outer : null,
      index: -1,
      hasNext: false,
      own: new MapValue(),
    };
    frame.put("foreach", loop);
    let inner = frame;
    const { items, size } = iteration;
    const expected = size();
    try {
      for (let at = 0; at < items.length; at += 1) {
        if (at >= run.meter.limits.iterations) throw tooMany(run);
        if (size() !== expected) throw changed();
        run.meter.step(ITERATION_STEPS);
        const value = items[at] ?? null;
        loop.index = at;
        loop.hasNext = at + 1 < items.length;
        frame.put("velocityCount", at + 1);
        frame.put("velocityHasNext", loop.hasNext);
        frame.put(name, value);
        if (value === null && inner === frame) inner = nullFrame(name, frame);
        content(run, value === null ? inner : frame);
      }
    } catch (error) {
      if (!endsLoop(error, loop)) throw error;
    } finally {
      for (const [kept, value] of before) putBack(frame, kept, value);
      endScope(frame, isLoop(outer) ? null : outer);
    }
  };
}
