// The characters of a terminal's screen, as what a machine writes leaves them: what shells, editors and progress bars use,
// of a screen of bounded size. Runs in the page; knows no document.
import { createEscapes } from './escapes.ts'
import { createLines, type Line, type Place } from './lines.ts'
import { plain, type Style, withSgr } from './style.ts'

export type Screen = {
  write(text: string): void
  resize(columns: number, rows: number): void
  lines(): readonly Line[]
  /** The newest of those that have scrolled away, and how many ever have. */
  scrolled(): { readonly lines: readonly Line[]; readonly count: number }
  /** Into `lines`; undefined while it is hidden. */
  cursor(): { readonly line: number; readonly column: number } | undefined
  /** Whether arrow keys are to be sent as applications want them. */
  hasApplicationKeys(): boolean
}

const lineDrawing = new Map(
  Object.entries({
    j: '┘',
    k: '┐',
    l: '┌',
    m: '└',
    n: '┼',
    q: '─',
    t: '├',
    u: '┤',
    v: '┴',
    w: '┬',
    x: '│',
    a: '▒',
    '`': '◆',
    '~': '·',
  }),
)

export function createScreen(columns: number, rows: number): Screen {
  let size = { columns, rows }
  const main = createLines(size, { keepsScrolled: true })
  const other = createLines(size, { keepsScrolled: false })
  let shown = main
  let [row, column] = [0, 0]
  let style: Style = plain
  let saved = { row, column, style }
  let region = { top: 0, bottom: rows - 1 }
  let draws = false
  let isCursorShown = true
  let applicationKeys = false
  /** The last column is written, and the next character goes to the next line. */
  let isAtEnd = false

  function place(nextRow: number, nextColumn: number): void {
    row = Math.max(0, Math.min(nextRow, size.rows - 1))
    column = Math.max(0, Math.min(nextColumn, size.columns - 1))
    isAtEnd = false
  }

  function lineFeed(): void {
    if (row === region.bottom) shown.scrollUp(region, 1)
    else place(row + 1, column)
  }

  function put(character: string): void {
    if (isAtEnd) {
      place(row, 0)
      lineFeed()
    }
    shown.put(row, column, { text: draws ? (lineDrawing.get(character) ?? character) : character, style })
    if (column === size.columns - 1) isAtEnd = true
    else column++
  }

  function control(code: number): void {
    if (code === 0x08) place(row, column - 1)
    else if (code === 0x09) place(row, (Math.floor(column / 8) + 1) * 8)
    else if (code >= 0x0a && code <= 0x0c) {
      isAtEnd = false
      lineFeed()
    } else if (code === 0x0d) place(row, 0)
  }

  function single(final: string): void {
    if (final === '7') saved = { row, column, style }
    else if (final === '8') restore()
    else if (final === 'D') lineFeed()
    else if (final === 'E') {
      place(row, 0)
      lineFeed()
    } else if (final === 'M') {
      if (row === region.top) shown.scrollDown(region, 1)
      else place(row - 1, column)
    } else if (final === 'c') reset()
  }

  function restore(): void {
    style = saved.style
    place(saved.row, saved.column)
  }

  function reset(): void {
    shown = main
    style = plain
    region = { top: 0, bottom: size.rows - 1 }
    ;[draws, isCursorShown, applicationKeys] = [false, true, false]
    place(0, 0)
    main.erase(home, end(), style)
  }

  function setMode(modes: readonly number[], isOn: boolean): void {
    for (const mode of modes) {
      if (mode === 1) applicationKeys = isOn
      if (mode === 25) isCursorShown = isOn
      if (mode === 47 || mode === 1047 || mode === 1049) showOther(isOn, mode === 1049)
    }
  }

  function showOther(isOn: boolean, keepsCursor: boolean): void {
    if (isOn === (shown === other)) return
    if (isOn && keepsCursor) saved = { row, column, style }
    shown = isOn ? other : main
    if (isOn) other.erase(home, end(), plain)
    else if (keepsCursor) restore()
  }

  const count = (given: number): number => Math.max(1, given)
  const isInRegion = (): boolean => row >= region.top && row <= region.bottom
  const end = (): Place => ({ row: size.rows - 1, column: size.columns })
  const home: Place = { row: 0, column: 0 }

  /** Each of its first two parameters, 0 where they are missing. */
  const commands: Readonly<Record<string, (first: number, second: number) => void>> = {
    A: first => place(row - count(first), column),
    B: first => place(row + count(first), column),
    C: first => place(row, column + count(first)),
    D: first => place(row, column - count(first)),
    E: first => place(row + count(first), 0),
    F: first => place(row - count(first), 0),
    G: first => place(row, count(first) - 1),
    H: (first, second) => place(count(first) - 1, count(second) - 1),
    J(first) {
      const from = first === 0 ? { row, column } : home
      shown.erase(from, first === 1 ? { row, column: column + 1 } : end(), style)
    },
    K(first) {
      const to = first === 1 ? column + 1 : size.columns
      shown.erase({ row, column: first === 0 ? column : 0 }, { row, column: to }, style)
    },
    L(first) {
      if (isInRegion()) shown.scrollDown({ ...region, top: row }, count(first))
    },
    M(first) {
      if (isInRegion()) shown.scrollUp({ ...region, top: row }, count(first), false)
    },
    P: first => shown.deleteCells(row, column, count(first), style),
    S: first => shown.scrollUp(region, count(first)),
    T: first => shown.scrollDown(region, count(first)),
    X: first => shown.erase({ row, column }, { row, column: column + count(first) }, style),
    '@': first => shown.insertCells(row, column, count(first), style),
    d: first => place(count(first) - 1, column),
    f: (first, second) => place(count(first) - 1, count(second) - 1),
    r(first, second) {
      const [top, bottom] = [count(first) - 1, Math.min(second || size.rows, size.rows) - 1]
      region = top < bottom ? { top, bottom } : { top: 0, bottom: size.rows - 1 }
      place(0, 0)
    },
    s() {
      saved = { row, column, style }
    },
    u: restore,
  }

  function csi(final: string, parameters: readonly number[], isPrivate: boolean): void {
    if (isPrivate) {
      if (final === 'h' || final === 'l') setMode(parameters, final === 'h')
    } else if (final === 'm') style = withSgr(style, parameters)
    else if (Object.hasOwn(commands, final)) commands[final]?.(parameters[0] ?? 0, parameters[1] ?? 0)
  }

  const write = createEscapes({
    text: put,
    control,
    escape: single,
    csi,
    lineDrawing: isOn => {
      draws = isOn
    },
  })
  return {
    write,
    resize(nextColumns, nextRows) {
      const dropped = main.resize(
        { columns: nextColumns, rows: nextRows },
        shown === main ? row : size.rows - 1,
      )
      other.resize({ columns: nextColumns, rows: nextRows }, row)
      size = { columns: nextColumns, rows: nextRows }
      region = { top: 0, bottom: nextRows - 1 }
      place(shown === main ? row - dropped : row, column)
    },
    lines: () => shown.shown(),
    scrolled: () => ({ lines: shown.scrolled(), count: shown.scrolledCount() }),
    cursor: () => (isCursorShown ? { line: row, column } : undefined),
    hasApplicationKeys: () => applicationKeys,
  }
}
