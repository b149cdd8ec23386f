// The story in a terminal, in the manner of clack. Its own spinner: clack's takes the keyboard and ends the
// process at Ctrl-C, which would leave the devnet no time to stop in order.
import type { Writable } from 'node:stream'
import { intro, log, outro } from '@clack/prompts'
import type { Stage } from './stage.ts'

const frames = ['◒', '◐', '◓', '◑']
const frameMilliseconds = 100
const eraseLine = '\r\u001B[2K'
const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

export function createTerminalStage(output: Writable): Stage {
  let turning: NodeJS.Timeout | undefined
  let what = ''
  let frame = 0

  function draw(): void {
    frame = (frame + 1) % frames.length
    output.write(`${eraseLine}${frames[frame]}  ${what}`)
  }
  function rest(): void {
    if (turning === undefined) return
    clearInterval(turning)
    turning = undefined
    output.write(`${eraseLine}${showCursor}`)
  }
  return {
    open: title => intro(title, { output }),
    begin(text) {
      rest()
      what = text
      output.write(hideCursor)
      turning = setInterval(draw, frameMilliseconds)
    },
    update(text) {
      what = text
    },
    done(text) {
      rest()
      log.success(text, { output, spacing: 0 })
    },
    fail(text) {
      rest()
      log.error(text, { output })
    },
    note(heading, lines) {
      rest()
      // Not clack's box, which breaks lines that are wider than the terminal.
      log.message([heading, '', ...lines], { output, symbol: '\u25C7' })
    },
    say(lines) {
      rest()
      output.write(`${lines.join('\n')}\n`)
    },
    close(line) {
      rest()
      outro(line, { output })
    },
  }
}
