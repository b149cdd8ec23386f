// The way into a machine's port for a browser: takes the token from behind the # of the address, where no server and no log
// sees it, changes it into a cookie, and opens the address again without it.
import { browser, element } from './browser.ts'

const { pathname, search, hash } = browser.location
const [form, secret, status] = [element('enter'), element('secret'), element('status')]
const lease = /^\/leases\/[1-9][0-9]*/.exec(pathname)?.[0]

async function enter(token: string): Promise<void> {
  status.textContent = 'Opening …'
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${lease}/browser`, { method: 'POST', headers }).catch(() => undefined)
  if (answer?.ok) return browser.location.replace(`${pathname}${search}`)
  const told = (await answer?.json().catch(() => undefined)) as { error?: string } | undefined
  status.textContent = told?.error ?? 'The provider does not answer: try again later.'
  form.hidden = false
}

form.addEventListener('submit', event => {
  event.preventDefault()
  enter(secret.value.trim()).catch(() => undefined)
})
const token = new URLSearchParams(hash.slice(1)).get('token')
// Out of the address bar, whatever comes of it.
browser.history.replaceState(null, '', `${pathname}${search}`)
if (token === null) {
  form.hidden = false
  status.textContent = 'This port opens by the token of your access.'
} else enter(token).catch(() => undefined)
