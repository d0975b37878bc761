// What a step of a mapping template takes: node bench/steps.ts [part of a name] | sort -rn | head -40
// The bound of a rendering is a number of steps, so each kind of work has to be charged for what it takes. This renders
// templates that do one kind of work until their steps are used up, and prints for each: nanoseconds of the thread's
// processor time a step, milliseconds in all, the first and the second time (at first, V8 has not compiled the work yet),
// the steps, the template's name, and what has ended it.
import { jsonDocument } from "../src/plan/mapping-template/index.ts";
import { hostileTemplates, renderHostile } from "./hostile-templates.ts";
import type { HostileTemplate } from "./hostile-templates.ts";

/** The thread's processor time in milliseconds. */
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Much fewer steps than a rendering may take: what takes long for these would not come to an end with all of them. */
const FEW_STEPS = 20_000;
const LONG = 100;

function measure(template: HostileTemplate): string {
  const document = jsonDocument(template.body);
  // Read before: that is linear, and once for each request.
  document.find("$");
  const times: number[] = [];
  let steps = 0;
  let ends = "";
  for (const limit of [FEW_STEPS, undefined, undefined]) {
    const start = now();
    ({ steps, ends } = renderHostile(template, document, limit));
    times.push(now() - start);
    if ((times[0] ?? 0) > LONG) break;
  }
  const [few = 0, first = few, second = first] = times;
  const figures = [(second * 1e6) / steps, first, second, steps].map((figure) => figure.toFixed(0).padStart(8));
  return `${figures.join(" ")}  ${template.name}: ${ends}`;
}

const part = process.argv[2] ?? "";
for (const template of hostileTemplates) if (template.name.includes(part)) console.log(measure(template));
