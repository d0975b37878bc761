// What a frame is (RFC 6455, section 5.2).

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** Frames about the connection, which may stand between those of a message. */
export function isControl(opcode: number): boolean {
  return opcode >= CLOSE;
}
