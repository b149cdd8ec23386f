// Takes what a machine writes apart: text, control characters, and the sequences that begin with escape. Runs in the page.
// Sequences that would have a terminal speak for its user, or reach beyond itself (answers, titles, links, clipboard), are
// read to their end and dropped.

export type EscapeHandlers = {
  readonly text: (character: string) => void
  readonly control: (code: number) => void
  /** `ESC [ private parameters final`, such as `?25h`. */
  readonly csi: (final: string, parameters: readonly number[], isPrivate: boolean) => void
  /** `ESC` and one character. */
  readonly escape: (final: string) => void
  /** Whether the first character set draws lines. */
  readonly lineDrawing: (isOn: boolean) => void
}

const mostParameters = 32
const mostSequenceCharacters = 256
const controlEnd = 0x20
const escapeCode = 0x1b

export function createEscapes(handlers: EscapeHandlers): (text: string) => void {
  let state: 'text' | 'escape' | 'csi' | 'string' | 'stringEnd' | 'charset' | 'skip' = 'text'
  let gathered = ''

  function take(character: string): void {
    const code = character.codePointAt(0) ?? 0
    if (state === 'string') {
      if (code === 0x07) state = 'text'
      else if (code === escapeCode) state = 'stringEnd'
      return
    }
    if (code === escapeCode) {
      state = 'escape'
      gathered = ''
    } else if (code === 0x18 || code === 0x1a) state = 'text'
    else if (code < controlEnd) handlers.control(code)
    else if (state === 'text') {
      if (code !== 0x7f && !(code >= 0x80 && code < 0xa0)) handlers.text(character)
    } else follow(character)
  }

  function follow(character: string): void {
    switch (state) {
      case 'stringEnd':
        state = 'text'
        return
      case 'charset':
        handlers.lineDrawing(character === '0')
        state = 'text'
        return
      case 'skip':
        state = 'text'
        return
      case 'escape':
        if (character === '[') state = 'csi'
        else if (']PX^_'.includes(character)) state = 'string'
        else if (character === '(') state = 'charset'
        else if (')*+-./#%'.includes(character)) state = 'skip'
        else {
          state = 'text'
          handlers.escape(character)
        }
        return
      default:
        gatherCsi(character)
    }
  }

  function gatherCsi(character: string): void {
    if (character >= '@' && character <= '~') {
      state = 'text'
      const [, mark = '', list = ''] = /^([<=>?]?)([0-9;:]*)$/.exec(gathered) ?? []
      if (gathered !== '' && mark === '' && list === '') return
      // Only what DEC marks is known; the rest asks for answers and the like.
      if (mark !== '' && mark !== '?') return
      const parameters = list.split(/[;:]/, mostParameters).map(digits => Math.min(Number(digits), 9_999))
      handlers.csi(character, parameters, mark === '?')
    } else if (gathered.length < mostSequenceCharacters) gathered += character
    else state = 'text'
  }

  return text => {
    for (const character of text) take(character)
  }
}
