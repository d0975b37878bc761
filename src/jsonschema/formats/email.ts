// Mail addresses, as JavaMail takes them when it is asked to be strict: a name before the address in angle brackets, a comment
// and a group are let pass, an address without a domain is not.

const special = '()<>,;:\\\\"\\[\\]@';

/** What may stand in a local part without quotes. */
const local = new RegExp(`^[^\\u0000-\\u0020\\u007f${special}]+$`);
const quotedLocal = /^"(?:[^"\\\r\n]|\\[^\r\n])*"$/;
const domain = /^[^\u0000-\u0020\u007f()<>,;:\\"[\]@]+$/;

/** Comments do not count; a group is a list of addresses with a name. */
export function isEmailAddress(text: string): boolean {
  const plain = text.includes('"') ? text : text.replace(/\([^()]*\)/g, "");
  const group = /^[^<>@,;:"]+:(.*);$/s.exec(plain.trim());
  if (group === null) return isMailbox(plain);
  return (group[1] ?? "").split(",").every((one) => one.trim() === "" || isMailbox(one));
}

function isMailbox(text: string): boolean {
  const trimmed = text.trim();
  const bracketed = /^(?:[^<>@,;:]*|"(?:[^"\\]|\\.)*"\s*)<([^<>]*)>$/.exec(trimmed);
  return isAddress(bracketed?.[1]?.trim() ?? trimmed);
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at <= 0) return false;
  return isLocal(text.slice(0, at)) && isDomain(text.slice(at + 1));
}

function isLocal(text: string): boolean {
  if (quotedLocal.test(text)) return true;
  return local.test(text) && !/^\.|\.\.|\.$/.test(text);
}

function isDomain(text: string): boolean {
  if (/^\[[^[\]\\\s]*\]$/.test(text)) return true;
  if (!domain.test(text) || /^\.|\.\.|\.$/.test(text)) return false;
  // Letters and digits of any script, and dashes.
  return /^[\p{L}\p{Nd}.-]+$/u.test(text);
}
