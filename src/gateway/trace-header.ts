// The tracing header, `X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`
// (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).

export interface TraceHeader {
  /** `1-{8 hexadecimal digits}-{24 hexadecimal digits}` */
  readonly root: string;
  /** The segment, or subsegment, that the request comes from. */
  readonly parent: string | undefined;
  /** What the sender has decided; undefined where it leaves that to us (`Sampled=?`, or nothing). */
  readonly sampled: boolean | undefined;
}

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\s*(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=([01])\s*(?:;|$)/i;

/** What a header says; undefined for one without a valid root, which counts for nothing. */
export function parseTraceHeader(value: string): TraceHeader | undefined {
  const root = ROOT.exec(value)?.[1];
  if (root === undefined) return undefined;
  const sampled = SAMPLED.exec(value)?.[1];
  return { root, parent: PARENT.exec(value)?.[1], sampled: sampled === undefined ? undefined : sampled === "1" };
}

export function formatTraceHeader({ root, parent, sampled }: TraceHeader): string {
  const decision = sampled === undefined ? "" : `;Sampled=${sampled ? "1" : "0"}`;
  return `Root=${root}${parent === undefined ? "" : `;Parent=${parent}`}${decision}`;
}
