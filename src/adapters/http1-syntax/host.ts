// Which texts may stand where a host does (RFC 9110, section 7.2).

/** A name or an address, and perhaps a port (RFC 3986, section 3.2.2; an IPv6 address may have a zone). Empty where there is none to name. */
const HOST = /^(?:\[[0-9A-Za-z:.%~_-]+\]|[0-9A-Za-z\-._~!$&'()*+,;=%]*)(?::\d{0,5})?$/;

/** Whether a text is a host and perhaps a port: nothing that could be mixed up with a path, a query or user information. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}
