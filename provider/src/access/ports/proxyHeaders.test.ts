import { describe, expect, it } from 'vitest'
import { cookieToken, portCookie, withoutOurCookie } from './portCookie.ts'
import { portPathOf } from './portPath.ts'
import { answerHeaders, requestHeaders } from './proxyHeaders.ts'

const prefix = '/leases/12/ports/8888'
const place = { leaseId: 12n, port: 8888, prefix, rest: '/' }

describe('where a request for a port goes', () => {
  it('is read from its address as it came', () => {
    expect(portPathOf(`${prefix}/a%2Fb?c=../d`)).toEqual({ ...place, rest: '/a%2Fb?c=../d' })
    expect(portPathOf(prefix)).toEqual({ ...place, rest: '' })
    expect(portPathOf(`${prefix}/.well-known/x..y`)).toMatchObject({ rest: '/.well-known/x..y' })
  })

  it.each([
    '/leases/12/ports/8888/..',
    '/leases/12/ports/8888/a/../../b',
    '/leases/12/ports/8888/%2e%2E/b',
    '/leases/12/ports/8888/.%2e/b',
    '/leases/12/ports/8888/..%2fb',
    '/leases/12/ports/8888/..%5cb',
    '/leases/12/ports/8888/a\\b',
    '/leases/12/ports/70000/',
    '/leases/012/ports/80/',
    '/leases/12/ports/80x/',
    'http://evil/leases/12/ports/80/',
    '/leases/12/ports/80/a b',
    '/leases/12/ports/80/ü',
  ])('attack: %s leads nowhere', url => {
    expect(portPathOf(url)).toBeUndefined()
  })
})

describe('what a machine hears of a request', () => {
  it('is all but what is between a client and this door, and what its headers name as such', () => {
    const headers = {
      host: 'gpu.example',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      forwarded: 'for=1.2.3.4',
      'x-forwarded-host': 'evil.example',
      authorization: 'Bearer secret',
      cookie: 'a=1; worldland-lease=12.secret; b=2',
      'x-own': 'kept',
    }
    expect(requestHeaders(headers, { ...place, isTokenInHeader: true, protocol: 'https' })).toEqual({
      host: 'gpu.example',
      cookie: 'a=1; b=2',
      'x-own': 'kept',
      'x-forwarded-prefix': prefix,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'gpu.example',
    })
    const byCookie = requestHeaders(headers, { ...place, isTokenInHeader: false, protocol: 'https' })
    expect(byCookie.authorization).toBe('Bearer secret')
  })
})

describe("what a caller hears of a machine's answer", () => {
  it('keeps its cookies to its own port, and none that stands for ours', () => {
    const cookies = [
      'a=1; Path=/; Domain=.example; Secure',
      'b=2;path=/x;HttpOnly',
      'worldland-lease=13.stolen',
      ' Worldland-Lease=13.stolen',
      '__Host-worldland-lease=1',
    ]
    expect(answerHeaders({ 'set-cookie': cookies, 'content-type': 'x' }, place)).toEqual({
      'content-type': 'x',
      'set-cookie': [`a=1; Secure; Path=${prefix}/`, `b=2; HttpOnly; Path=${prefix}/`],
    })
  })
})

describe('the cookie of a lease', () => {
  it('opens that lease and no other', () => {
    const cookie = portCookie(12n, 'secret', { isSecure: true })
    expect(cookie).toBe('worldland-lease=12.secret; Path=/leases/; HttpOnly; SameSite=Strict; Secure')
    expect(cookieToken('x=1; worldland-lease=12.secret', 12n)).toBe('secret')
    expect(cookieToken('worldland-lease=12.secret', 13n)).toBeUndefined()
    expect(cookieToken('worldland-lease=1', 12n)).toBeUndefined()
    expect(cookieToken(undefined, 12n)).toBeUndefined()
  })

  it('attack: a second one that a page set beside it makes neither count', () => {
    expect(cookieToken('worldland-lease=12.mine; worldland-lease=12.secret', 12n)).toBeUndefined()
    expect(withoutOurCookie('worldland-lease=1; worldland-lease=2')).toBeUndefined()
  })
})
