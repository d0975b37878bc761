// Dates with times, as Joda-Time reads what the library asks it for.

/** As messages name them. */
export const dateTimeFormats = ["yyyy-MM-dd'T'HH:mm:ssZ", "yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z"];

const form =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(Z|[-+]\d\d(?::?\d\d(?::?\d\d(?:[.,]?\d{1,3})?)?)?)$/i;

export function isDateTime(text: string): boolean {
  const parts = form.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return hour < 24 && minute < 60 && second < 60 && isOffset(parts[7] ?? "");
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Hours, and then minutes and seconds, either all with colons or none. */
function isOffset(text: string): boolean {
  if (text.toUpperCase() === "Z") return true;
  const digits = text.slice(1).split(/[.,]/)[0] ?? "";
  const [hours = 0, minutes = 0, seconds = 0] = (digits.match(/\d\d/g) ?? []).map(Number);
  const colons = digits.split(":").length - 1;
  const pairs = digits.replaceAll(":", "").length / 2;
  return hours < 24 && minutes < 60 && seconds < 60 && (colons === 0 || colons === pairs - 1);
}
