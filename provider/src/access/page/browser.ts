// Of a browser, as much as our pages use: so that the rest of the daemon is not compiled as if it ran in one.

export type PageElement = {
  hidden: boolean
  textContent: string | null
  value: string
  className: string
  scrollTop: number
  readonly scrollHeight: number
  readonly childElementCount: number
  readonly firstElementChild: PageElement | null
  readonly clientWidth: number
  readonly clientHeight: number
  readonly style: { color: string; backgroundColor: string }
  addEventListener(name: string, listener: (event: PageEvent) => void): void
  append(...children: PageElement[]): void
  replaceChildren(...children: PageElement[]): void
  getBoundingClientRect(): { readonly width: number; readonly height: number }
  focus(): void
  remove(): void
}

export type PageEvent = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly clipboardData: { getData(type: string): string } | null
  preventDefault(): void
}

export type PageSocket = {
  binaryType: string
  readonly readyState: number
  send(text: string): void
  addEventListener(name: string, listener: (event: { readonly data: unknown }) => void): void
}

export type Browser = {
  readonly document: {
    getElementById(id: string): PageElement | null
    createElement(name: string): PageElement
  }
  readonly location: {
    readonly protocol: string
    readonly host: string
    readonly pathname: string
    readonly search: string
    readonly hash: string
    replace(url: string): void
  }
  readonly history: { replaceState(state: null, title: string, url: string): void }
  readonly WebSocket: new (url: string) => PageSocket
  requestAnimationFrame(act: () => void): void
  addEventListener(name: string, listener: () => void): void
}

export const browser = globalThis as unknown as Browser

export function element(id: string): PageElement {
  const found = browser.document.getElementById(id)
  if (found === null) throw new Error(`The page has no ${id}`)
  return found
}
