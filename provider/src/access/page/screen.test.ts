import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfKey } from './keys.ts'
import { mostScrolled } from './lines.ts'
import { createScreen, type Screen } from './screen.ts'

const shown = (screen: Screen): string[] =>
  [...screen.scrolled().lines, ...screen.lines()].map(line =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )

function after(text: string, columns = 10, rows = 4): string[] {
  const screen = createScreen(columns, rows)
  screen.write(text)
  return shown(screen)
}

describe("what a machine writes on the terminal's screen", () => {
  it('stands in lines that wrap, scroll away, and are kept', () => {
    expect(after('one\r\ntwo')).toEqual(['one', 'two', '', ''])
    expect(after('0123456789ab')).toEqual(['0123456789', 'ab', '', ''])
    expect(after('1\r\n2\r\n3\r\n4\r\n5')).toEqual(['1', '2', '3', '4', '5'])
  })

  it('goes over itself as progress bars and editors want it', () => {
    expect(after('50%\r100%')).toEqual(['100%', '', '', ''])
    expect(after('abc\x1b[1;1Hx\x1b[4;5Hy')).toEqual(['xbc', '', '', '    y'])
    expect(after('abcdef\x1b[3G\x1b[K')).toEqual(['ab', '', '', ''])
    expect(after('a\r\nb\x1b[2J\x1b[Hc')).toEqual(['c', '', '', ''])
    expect(after('abcd\x1b[2G\x1b[2P')).toEqual(['ad', '', '', ''])
    expect(after('abcd\x1b[2G\x1b[2@')).toEqual(['a  bcd', '', '', ''])
    expect(after('1\r\n2\r\n3\x1b[2;1H\x1b[L')).toEqual(['1', '', '2', '3'])
    expect(after('1\r\n2\r\n3\x1b[1;1H\x1b[M')).toEqual(['2', '3', '', ''])
  })

  it('scrolls within its region alone', () => {
    expect(after('head\x1b[2;3r\x1b[2;1Ha\r\nb\r\nc\x1b[r\x1b[4;1Hfoot')).toEqual(['head', 'b', 'c', 'foot'])
  })

  it('leaves the first screen as it was when a program that took the other one ends', () => {
    expect(after('shell\x1b[?1049h\x1b[Heditor\x1b[?1049l$')).toEqual(['shell$', '', '', ''])
  })

  it('has colours and weights', () => {
    const screen = createScreen(10, 2)
    screen.write('\x1b[1;31mred\x1b[0m \x1b[38;5;196mx\x1b[48;2;1;2;3my')
    const line = screen.lines()[0] ?? []
    expect(line[0]?.style).toMatchObject({ bold: true, foreground: '#e05555' })
    expect(line[3]?.style).toMatchObject({ bold: false, foreground: undefined })
    expect(line[4]?.style.foreground).toBe('rgb(255,0,0)')
    expect(line[5]?.style.background).toBe('rgb(1,2,3)')
  })

  it('keeps the cursor in sight when the window shrinks', () => {
    const screen = createScreen(10, 4)
    screen.write('1\r\n2\r\n3\r\n4')
    screen.resize(5, 2)
    expect(shown(screen)).toEqual(['1', '2', '3', '4'])
    expect(screen.cursor()).toEqual({ line: 1, column: 1 })
    expect(screen.scrolled().count).toBe(2)
  })
})

describe('attack: output that tries to steer the terminal page', () => {
  it.each([
    ['a title', '\x1b]0;owned\x07'],
    ['a link', '\x1b]8;;https://evil.example\x1b\\'],
    ['the clipboard', '\x1b]52;c;ZXZpbA==\x07'],
    ['a device command', '\x1bP+q544e\x1b\\'],
    ['a question for an answer', '\x1b[6n\x1b[c\x1b[>c\x1b[5n\x1bZ'],
    ['a window operation', '\x1b[20t\x1b[8;900;900t'],
    ['an application command', '\x1b_evil\x1b\\\x1b^evil\x1b\\'],
  ])('by %s is read to its end and dropped', (_, sequence) => {
    expect(after(`a${sequence}b`)).toEqual(['ab', '', '', ''])
  })

  it('as HTML is text like any other', () => {
    expect(after('<b>x</b>')[0]).toBe('<b>x</b>')
  })

  it('by any bytes at all neither throws nor grows beyond its bounds', () => {
    const pieces = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b]',
        '\r',
        '\n',
        '\t',
        '\b',
        '\x1b[999999999',
        '\x1b[?1049h',
        '\x1bM',
      ),
      fc
        .tuple(fc.nat(99_999), fc.nat(99_999), fc.constantFrom(...'ABCDEFGHJKLMPSTXdfmrsu@'))
        .map(([first, second, final]) => `\x1b[${first};${second}${final}`),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 200 }), fc.nat(60), fc.nat(30), (texts, columns, rows) => {
        const screen = createScreen(20, 5)
        for (const [index, text] of texts.entries()) {
          screen.write(text)
          if (index === 100) screen.resize(columns + 2, rows + 2)
        }
        const lines = screen.lines()
        expect(screen.scrolled().lines.length).toBeLessThanOrEqual(mostScrolled)
        expect(lines.length).toBeLessThanOrEqual(32)
        expect(new Set(lines.map(line => line.length)).size).toBe(1)
        const cursor = screen.cursor()
        if (cursor !== undefined) expect(lines[cursor.line]?.length).toBeGreaterThan(cursor.column)
      }),
    )
  })
})

describe('a key of the keyboard', () => {
  const key = (name: string, held: object = {}) => ({
    ...{ key: name, ctrlKey: false, altKey: false, metaKey: false },
    ...held,
  })

  it('is what a program in a terminal expects, or left to the browser', () => {
    expect(bytesOfKey(key('a'), false)).toBe('a')
    expect(bytesOfKey(key('é'), false)).toBe('é')
    expect(bytesOfKey(key('c', { ctrlKey: true }), false)).toBe('\x03')
    expect(bytesOfKey(key('x', { altKey: true }), false)).toBe('\x1bx')
    expect(bytesOfKey(key('ArrowUp'), false)).toBe('\x1b[A')
    expect(bytesOfKey(key('ArrowUp'), true)).toBe('\x1bOA')
    expect(bytesOfKey(key('v', { metaKey: true }), false)).toBeUndefined()
    expect(bytesOfKey(key('Shift'), false)).toBeUndefined()
  })
})
