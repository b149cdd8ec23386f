// The lines of a screen, and those that have scrolled away, of which a bounded number is kept. Runs in the page.
import { plain, type Style } from './style.ts'

export type Cell = { readonly text: string; readonly style: Style }
export type Line = readonly Cell[]
type Size = { readonly columns: number; readonly rows: number }
export type Place = { readonly row: number; readonly column: number }
type Region = { readonly top: number; readonly bottom: number }

export type Lines = {
  put(row: number, column: number, cell: Cell): void
  /** From a place up to, and without, another one. */
  erase(from: Place, to: Place, style: Style): void
  insertCells(row: number, column: number, count: number, style: Style): void
  deleteCells(row: number, column: number, count: number, style: Style): void
  /** What leaves the whole screen at its top is kept, unless told otherwise. */
  scrollUp(region: Region, count: number, isKept?: boolean): void
  scrollDown(region: Region, count: number): void
  /** How many lines went up out of the screen, so that the cursor's stays in it. */
  resize(size: Size, cursorRow: number): number
  shown(): readonly Line[]
  /** The newest of those that have scrolled away; they change no more. */
  scrolled(): readonly Line[]
  /** How many ever have. */
  scrolledCount(): number
}

export const mostScrolled = 2_000

export function createLines(initial: Size, { keepsScrolled }: { readonly keepsScrolled: boolean }): Lines {
  let { columns, rows } = initial
  const scrolled: Line[] = []
  let scrolledCount = 0

  const blank = (style: Style): Cell => ({ text: ' ', style: { ...plain, background: style.background } })
  const blankLine = (): Cell[] => Array.from({ length: columns }, () => blank(plain))
  const screen: Cell[][] = Array.from({ length: rows }, blankLine)

  function keep(lines: readonly Line[]): void {
    if (!keepsScrolled) return
    scrolled.push(...lines)
    scrolledCount += lines.length
    scrolled.splice(0, Math.max(0, scrolled.length - mostScrolled))
  }

  return {
    put(row, column, cell) {
      const line = screen[row]
      if (line !== undefined && column < columns) line[column] = cell
    },
    erase(from, to, style) {
      for (let row = from.row; row <= Math.min(to.row, rows - 1); row++) {
        const end = row === to.row ? Math.min(to.column, columns) : columns
        screen[row]?.fill(blank(style), row === from.row ? from.column : 0, end)
      }
    },
    insertCells(row, column, count, style) {
      const line = screen[row]
      const added = Array.from({ length: Math.min(count, columns - column) }, () => blank(style))
      line?.splice(column, 0, ...added)
      line?.splice(columns)
    },
    deleteCells(row, column, count, style) {
      const line = screen[row]
      const gone = line?.splice(column, Math.min(count, columns - column)) ?? []
      line?.push(...gone.map(() => blank(style)))
    },
    scrollUp({ top, bottom }, count, isKept = true) {
      const moved = Math.min(count, bottom - top + 1)
      const gone = screen.splice(top, moved)
      if (top === 0 && isKept) keep(gone)
      screen.splice(bottom - moved + 1, 0, ...gone.map(blankLine))
    },
    scrollDown({ top, bottom }, count) {
      const moved = Math.min(count, bottom - top + 1)
      screen.splice(bottom - moved + 1, moved)
      screen.splice(top, 0, ...Array.from({ length: moved }, blankLine))
    },
    resize(size, cursorRow) {
      const dropped = Math.max(0, cursorRow - size.rows + 1)
      keep(screen.splice(0, dropped))
      ;({ columns, rows } = size)
      screen.splice(rows)
      while (screen.length < rows) screen.push(blankLine())
      for (const line of screen) {
        line.splice(columns)
        while (line.length < columns) line.push(blank(plain))
      }
      return dropped
    },
    shown: () => screen,
    scrolled: () => scrolled,
    scrolledCount: () => scrolledCount,
  }
}
