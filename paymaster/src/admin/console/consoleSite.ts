// The console's files under /console. Every address below it that is no file is a page of the console's own, for which
// it finds the way itself. No page of anybody else's may frame it, and no script runs in it that is not its own.
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { type ConsoleFile, type ConsoleFiles, type Encoding, isFileName, pageName } from './consoleFiles.ts'
import { notBuiltPage } from './notBuiltPage.ts'

export const consolePath = '/console'
/** In the built page, where the console wants it: Vite's `html.cspNonce`. */
const noncePlaceholder = '__CSP_NONCE__'

export function createConsoleSite(files: ConsoleFiles, consoleOrigin: () => string): Hono {
  const site = new Hono()
  site.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
    if (!context.res.headers.has(policyHeader)) context.header(policyHeader, nothingAtAll)
  })
  site.get(consolePath, context => context.redirect(`${consolePath}/`, 301))
  site.get(`${consolePath}/*`, async context => {
    const { path } = context.req
    const name = path.slice(consolePath.length + 1)
    const file = name === pageName ? undefined : files.file(name)
    if (file !== undefined) return await answerFile(file, context.req.header('accept-encoding') ?? '')
    // A script that is not there must not be answered by a page.
    if (name !== pageName && isFileName(name)) return context.text(`There is no ${path.slice(0, 200)}`, 404)
    const elsewhere = properAddress(context.req.url, consoleOrigin())
    if (elsewhere !== undefined) return context.redirect(elsewhere, 302)
    const page = files.page()
    if (page === undefined) return pageAnswer(notBuiltPage, 503, contentPolicy("'none'"))
    if (!page.includes(noncePlaceholder)) return pageAnswer(page, 200, contentPolicy("'unsafe-inline'"))
    const nonce = randomBytes(16).toString('base64url')
    return pageAnswer(page.replaceAll(noncePlaceholder, nonce), 200, contentPolicy(`'nonce-${nonce}'`))
  })
  site.notFound(context => context.text('The console is asked by GET', 405))
  return site
}

const policyHeader = 'content-security-policy'
const nothingAtAll = "default-src 'none'; frame-ancestors 'none'"
const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

/** `styles`: from where a page may have them beside its own files. */
function contentPolicy(styles: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src ${styles === "'none'" ? "'unsafe-inline'" : `'self' ${styles}`}`,
    // Attributes of elements, which a chart sets.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function pageAnswer(page: string, status: number, policy: string): Response {
  return new Response(page, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      [policyHeader]: policy,
      'cache-control': 'no-cache',
    },
  })
}

async function answerFile(file: ConsoleFile, accepted: string): Promise<Response> {
  const encoding = encodingFor(file, accepted)
  return new Response(encoding === undefined ? file.body : await file.encoded(encoding), {
    headers: {
      'content-type': file.type,
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
  })
}

function encodingFor({ type, body }: ConsoleFile, accepted: string): Encoding | undefined {
  if (body.length < 1_024 || !/^(text|application)\/|svg/.test(type)) return undefined
  const offered = accepted
    .split(',')
    .filter(part => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map(part => part.split(';', 1)[0]?.trim())
  if (offered.includes('br')) return 'br'
  return offered.includes('gzip') ? 'gzip' : undefined
}

/** Passkeys do not work at an IP address: whoever came by one on this machine is sent to its name. */
function properAddress(asked: string, origin: string): string | undefined {
  const { hostname, port, pathname, search } = new URL(asked)
  const proper = new URL(origin)
  const isIp = hostname === '127.0.0.1' || hostname === '[::1]'
  return isIp && proper.hostname === 'localhost' && proper.port === port
    ? `${origin}${pathname}${search}`
    : undefined
}
