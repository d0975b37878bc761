// Internet domain names, as Guava takes them.

/** Dots of other scripts count as dots. */
const dots = /[.\u3002\uff0e\uff61]/g;

export function isHostname(text: string): boolean {
  const name = text.replace(dots, ".").toLowerCase().replace(/\.$/, "");
  if (name.length > 253) return false;
  const parts = name.split(".");
  if (parts.length > 127 || /^[0-9]/.test(parts.at(-1) ?? "")) return false;
  return parts.every(isLabel);
}

/** Letters and digits of any script, dashes and underscores, which do not stand at the ends. */
function isLabel(label: string): boolean {
  if (label.length < 1 || label.length > 63) return false;
  // Of the characters past ASCII, all are let pass.
  return /^[a-z0-9_\-\u0080-\uffff]+$/.test(label) && !/^[-_]|[-_]$/.test(label);
}
