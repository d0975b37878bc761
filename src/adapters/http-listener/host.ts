// Which texts may stand where a host does (RFC 9110, section 7.2).

/** Whether a text is a host and perhaps a port, as far as a mix-up with a path, a query or user information goes. */
export function isHost(text: string): boolean {
  return !/[\s/?#@\\]/.test(text);
}
