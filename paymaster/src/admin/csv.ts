// Fields of a CSV that people open in spreadsheets.

/** A spreadsheet takes what begins with = + - @ for a formula: an apostrophe keeps it text. */
export function csvField(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
