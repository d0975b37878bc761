// Reads the heads of a connection's requests.
import { HeadReader } from "./head-reader.ts";
import type { HeadScanner } from "./head-scanner.ts";
import { readRequestHead } from "./request-head.ts";
import type { RequestHead } from "./request-head.ts";
import { UnreadableRequest } from "./unreadable.ts";

const CR = 13;
const LF = 10;

export class RequestHeadReader {
  readonly #scanner: HeadScanner;
  readonly #heads: HeadReader;
  /** Half of an empty line has come. */
  #isInEmptyLine = false;

  constructor(scanner: HeadScanner) {
    this.#scanner = scanner;
    this.#heads = new HeadReader(scanner);
  }

  /** Whether part of a head has come, and not the rest. Empty lines are none. */
  get hasBegun(): boolean {
    return this.#heads.hasBegun;
  }

  /** How far the latest call has read. */
  get behind(): number {
    return this.#heads.behind;
  }

  /** Lets go of what it has of a head. */
  drop(): void {
    this.#heads.drop();
  }

  /** The next head once it is whole; `behind` then is where what follows it begins. @throws {UnreadableRequest} */
  read(buffer: Buffer, at: number, until: number): RequestHead | undefined {
    const start = this.#heads.hasBegun ? at : this.#passEmptyLines(buffer, at, until);
    const text = this.#heads.readText(buffer, start, until);
    return text === undefined ? undefined : readRequestHead(text, this.#scanner);
  }

  /** Empty lines before a request are passed over (RFC 9112, section 2.2). */
  #passEmptyLines(buffer: Buffer, start: number, until: number): number {
    let at = start;
    while (at < until) {
      if (this.#isInEmptyLine) {
        if (buffer[at] !== LF) throw new UnreadableRequest("a carriage return without a line feed");
        this.#isInEmptyLine = false;
      } else if (buffer[at] === CR) this.#isInEmptyLine = true;
      else return at;
      at++;
    }
    return at;
  }
}
