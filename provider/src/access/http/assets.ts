// The few files that our own pages load: scripts of this package, served as they were compiled, and one style sheet.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

export type Asset = { readonly type: string; readonly body: string }

const scripts = ['browser', 'enter', 'escapes', 'keys', 'lines', 'screen', 'style', 'terminal'] as const

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 70rem; padding: 1rem }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end }
label { display: grid }
input, button { font: inherit; padding: .4rem .6rem }
[hidden] { display: none }
#screen { background: #111; color: #ddd; font: 15px/1.25 ui-monospace, Menlo, Consolas, monospace; overflow: auto;
  padding: .5rem; white-space: pre; margin: 1rem 0 0; height: 75vh; outline-offset: 2px }
#screen:focus { outline: 3px solid #4a90d9 }
#screen .line { min-height: 1.25em }
.bold { font-weight: bold } .faint { opacity: .7 } .italic { font-style: italic } .underlined { text-decoration: underline }
.cursor { outline: 1px solid #9cf; background: #345 }
`

const require = createRequire(import.meta.url)

/** By their names; throws when the package is not whole. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const compiled = scripts.map(name => {
    // Of the package's own dist, also where this runs from its sources.
    const body = readFileSync(require.resolve(`@worldland-aa/provider/access/page/${name}`), 'utf8')
    return [`${name}.js`, { type: 'text/javascript; charset=utf-8', body }] as const
  })
  return new Map<string, Asset>([...compiled, ['page.css', { type: 'text/css; charset=utf-8', body: style }]])
}
