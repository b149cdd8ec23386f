// How a character looks, as SGR sequences say. Runs in the page.

export type Style = {
  readonly bold: boolean
  readonly faint: boolean
  readonly italic: boolean
  readonly underlined: boolean
  readonly inverse: boolean
  /** CSS colours; undefined: the page's own. */
  readonly foreground: string | undefined
  readonly background: string | undefined
}

export const plain: Style = {
  bold: false,
  faint: false,
  italic: false,
  underlined: false,
  inverse: false,
  foreground: undefined,
  background: undefined,
}

const basicColours = [
  ...['#000000', '#e05555', '#0dbc79', '#e5e510', '#4f9fe6', '#d670d6', '#29b8db', '#e5e5e5'],
  ...['#7f7f7f', '#f14c4c', '#23d18b', '#f5f543', '#6fb5ff', '#e59fe5', '#5fd7ff', '#ffffff'],
]

export function withSgr(style: Style, parameters: readonly number[]): Style {
  let changed = style
  for (let index = 0; index < parameters.length; index++) {
    const code = parameters[index] ?? 0
    if (code === 38 || code === 48) {
      const [colour, taken] = extendedColour(parameters.slice(index + 1))
      changed = { ...changed, [code === 38 ? 'foreground' : 'background']: colour }
      index += taken
    } else changed = withCode(changed, code)
  }
  return changed
}

function withCode(style: Style, code: number): Style {
  if (code === 0) return plain
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, faint: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underlined: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 22) return { ...style, bold: false, faint: false }
  if (code === 23) return { ...style, italic: false }
  if (code === 24) return { ...style, underlined: false }
  if (code === 27) return { ...style, inverse: false }
  if (code >= 30 && code <= 37) return { ...style, foreground: basicColours[code - 30] }
  if (code === 39) return { ...style, foreground: undefined }
  if (code >= 40 && code <= 47) return { ...style, background: basicColours[code - 40] }
  if (code === 49) return { ...style, background: undefined }
  if (code >= 90 && code <= 97) return { ...style, foreground: basicColours[code - 82] }
  if (code >= 100 && code <= 107) return { ...style, background: basicColours[code - 92] }
  return style
}

/** The colour, and how many parameters named it. */
function extendedColour([kind, ...rest]: readonly number[]): readonly [string | undefined, number] {
  if (kind === 5) return [paletteColour(rest[0] ?? 0), 2]
  if (kind !== 2) return [undefined, 1]
  const [red, green, blue] = [0, 1, 2].map(index => Math.min(rest[index] ?? 0, 255))
  return [`rgb(${red},${green},${blue})`, 4]
}

function paletteColour(index: number): string | undefined {
  if (index < 16) return basicColours[index]
  if (index > 255) return undefined
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232)
    return `rgb(${grey},${grey},${grey})`
  }
  const levels = [0, 95, 135, 175, 215, 255]
  const cube = index - 16
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level => levels[level])
  return `rgb(${parts.join(',')})`
}
