// The page of the terminal: asks for the secret, opens the shell by it, and shows what comes as text and nothing but text.
import { browser, element, type PageElement, type PageSocket } from './browser.ts'
import { bytesOfKey } from './keys.ts'
import type { Line } from './lines.ts'
import { createScreen } from './screen.ts'
import type { Style } from './style.ts'

const [form, secret, status, shown] = [
  element('enter'),
  element('secret'),
  element('status'),
  element('screen'),
]
const open = 1
const padding = 16

function sizeOfScreen(): { columns: number; rows: number } {
  const probe = browser.document.createElement('span')
  probe.textContent = 'm'.repeat(10)
  shown.append(probe)
  const { width, height } = probe.getBoundingClientRect()
  probe.remove()
  const bounded = (count: number) => Math.max(2, Math.min(Math.floor(count), 500))
  return {
    columns: bounded((shown.clientWidth - padding) / (width / 10 || 9)),
    rows: bounded((shown.clientHeight - padding) / (height || 18)),
  }
}

function spanOf(text: string, style: Style, isCursor: boolean): PageElement {
  const span = browser.document.createElement('span')
  // Never as HTML: a machine's words are a stranger's.
  span.textContent = text
  const names = (['bold', 'faint', 'italic', 'underlined'] as const).filter(name => style[name])
  span.className = [...names, ...(isCursor ? ['cursor'] : [])].join(' ')
  const [front, back] = style.inverse
    ? [style.background ?? '#111', style.foreground ?? '#ddd']
    : [style.foreground, style.background]
  span.style.color = front ?? ''
  span.style.backgroundColor = back ?? ''
  return span
}

function lineOf(cells: Line, cursorColumn: number | undefined): PageElement {
  const line = browser.document.createElement('div')
  line.className = 'line'
  let start = 0
  for (let index = 1; index <= cells.length; index++) {
    const isBreak = index === cells.length || index === cursorColumn || index - 1 === cursorColumn
    const style = cells[start]?.style
    if (style === undefined || (!isBreak && cells[index]?.style === style)) continue
    const text = cells.slice(start, index).map(cell => cell.text)
    line.append(spanOf(text.join(''), style, start === cursorColumn))
    start = index
  }
  return line
}

function run(socket: PageSocket): void {
  const first = sizeOfScreen()
  const screen = createScreen(first.columns, first.rows)
  const decoder = new TextDecoder()
  const [past, live] = [browser.document.createElement('div'), browser.document.createElement('div')]
  shown.replaceChildren(past, live)
  let scrolledCount = 0
  let isDrawing = false
  const say = (message: object): void => {
    if (socket.readyState === open) socket.send(JSON.stringify(message))
  }
  const keys = (text: string): void => say({ kind: 'keys', text })

  /** Only what is new of it: it may be long. */
  function addScrolled(): void {
    const { lines, count } = screen.scrolled()
    const fresh = Math.min(count - scrolledCount, lines.length)
    scrolledCount = count
    if (fresh > 0) past.append(...lines.slice(-fresh).map(line => lineOf(line, undefined)))
    while (past.childElementCount > lines.length) past.firstElementChild?.remove()
    // A program that takes the whole screen has no past.
    past.hidden = lines.length === 0
  }

  function draw(): void {
    if (isDrawing) return
    isDrawing = true
    browser.requestAnimationFrame(() => {
      isDrawing = false
      addScrolled()
      const cursor = screen.cursor()
      live.replaceChildren(
        ...screen
          .lines()
          .map((line, index) => lineOf(line, cursor?.line === index ? cursor.column : undefined)),
      )
      shown.scrollTop = shown.scrollHeight
    })
  }

  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ secret: secret.value.trim(), ...first })),
  )
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) {
      screen.write(decoder.decode(data, { stream: true }))
      draw()
    } else {
      const message = JSON.parse(String(data)) as { kind: string; why?: string }
      status.textContent =
        message.kind === 'open' ? 'Open. Control, Shift and Q together leave it.' : (message.why ?? '')
      if (message.kind === 'open') secret.value = ''
    }
  })
  socket.addEventListener('close', () => {
    form.hidden = false
    if (status.textContent?.startsWith('Open')) status.textContent = 'The connection has ended.'
  })
  shown.addEventListener('keydown', event => {
    if (event.ctrlKey && event.shiftKey) {
      // Copying and pasting stay the browser's; this way out is for whoever has but a keyboard.
      if (event.key.toUpperCase() === 'Q') element('status').focus()
      return
    }
    const text = bytesOfKey(event, screen.hasApplicationKeys())
    if (text === undefined) return
    event.preventDefault()
    keys(text)
  })
  shown.addEventListener('paste', event => {
    event.preventDefault()
    keys((event.clipboardData?.getData('text') ?? '').replaceAll('\n', '\r').slice(0, 32_768))
  })
  browser.addEventListener('resize', () => {
    const size = sizeOfScreen()
    screen.resize(size.columns, size.rows)
    say({ kind: 'size', ...size })
    draw()
  })
}

form.addEventListener('submit', event => {
  event.preventDefault()
  status.textContent = 'Opening …'
  form.hidden = true
  shown.hidden = false
  shown.focus()
  const { protocol, host, pathname } = browser.location
  const socket = new browser.WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}${pathname}/socket`)
  socket.binaryType = 'arraybuffer'
  run(socket)
})
secret.focus()
