// How deep JSON nests and how many values it holds, told by one pass over its text: parsing takes its time by the value
// rather than by the byte, and a deep nest takes stack.

export type JsonBounds = { readonly depth: number; readonly values: number }

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

/** What is beyond `bounds`, in words. Whether it is JSON at all, its parser will tell. */
export function beyondBounds(text: string, bounds: JsonBounds): string | undefined {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === comma) values++
    else if (code === 0x5b || code === 0x7b) {
      values++
      depth++
    } else if (code === 0x5d || code === 0x7d) depth--
    else continue
    if (depth > bounds.depth) return `nests deeper than ${bounds.depth} levels`
    if (values > bounds.values) return `holds more than ${bounds.values} values`
  }
  return undefined
}

/** Where the string that begins at `start` ends; the end of the text if it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
  return text.length
}
