import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { postGuarded } from './postGuarded.ts'
import { addressProblem, type ResolveName, readOutgoingUrl } from './publicAddress.ts'

const strict = { allowPrivateNetworks: false }
const own = { allowPrivateNetworks: true }

describe('webhook SSRF to loopback and link-local', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.5/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[ff02::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
  ])('%s is refused', url => {
    expect(readOutgoingUrl(url, strict)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('leads nowhere that is public'), data: { field: 'url' } },
    })
  })

  it.each(['93.184.215.14', '1.1.1.1', '2606:4700::1111', '172.32.0.1', '::ffff:8.8.8.8'])(
    '%s is public',
    address => {
      expect(addressProblem(address, strict)).toBeUndefined()
    },
  )

  it('takes networks of its own where the operator says so, but metadata of clouds never', () => {
    expect(readOutgoingUrl('http://127.0.0.1:8080/hook', own).ok).toBe(true)
    expect(readOutgoingUrl('http://[fd00::1]/', own).ok).toBe(true)
    for (const url of ['http://169.254.169.254/', 'http://[::ffff:169.254.169.254]/', 'http://0.0.0.0/']) {
      expect(readOutgoingUrl(url, own).ok).toBe(false)
    }
  })

  it.each([
    ['http://example.com/', /https/],
    ['ftp://example.com/', /https/],
    ['file:///etc/passwd', /https/],
    ['https://user:word@example.com/', /user name or password/],
    ['example.com', /not a URL/],
    [`https://example.com/${'a'.repeat(2_100)}` as string, /longer than/],
  ])('%.40s is refused with what to do', (url, words) => {
    expect(readOutgoingUrl(url, strict)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringMatching(words) },
    })
  })
})

describe('a guarded POST', () => {
  let server: Server | undefined
  const asked: string[] = []
  afterEach(() => {
    server?.close()
    server?.closeAllConnections()
    server = undefined
    asked.length = 0
  })

  async function serving(answer: (outgoing: import('node:http').ServerResponse) => void): Promise<number> {
    server = createServer((incoming, outgoing) => {
      asked.push(incoming.url ?? '')
      incoming.resume()
      answer(outgoing)
    })
    await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  const post = (url: string, rules: { allowPrivateNetworks: boolean; resolve?: ResolveName }) =>
    postGuarded({ url, headers: {}, body: '{}', timeoutMilliseconds: 1_000, mostAnswerBytes: 8, rules })

  it('refuses a name of which one address is not public, without connecting', async () => {
    const port = await serving(outgoing => outgoing.end())
    const resolve: ResolveName = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]
    const answer = await post(`https://hook.example:${port}/`, { ...strict, resolve })
    expect(answer).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('127.0.0.1') } })
    expect(asked).toEqual([])
  })

  it('connects to the address that was checked, though the name has another one by then', async () => {
    const port = await serving(outgoing => outgoing.end('taken'))
    let looks = 0
    const resolve: ResolveName = async () => {
      looks++
      // Allowed the first time; whoever looked again would be led to where nobody listens.
      return [{ address: looks === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
    }
    const answer = await post(`http://hook.example:${port}/a`, { ...own, resolve })
    expect(answer).toEqual({ ok: true, value: { status: 200, text: 'taken', isCut: false } })
    expect(looks).toBe(1)
  })

  it('follows no redirect', async () => {
    const port = await serving(outgoing => outgoing.writeHead(302, { location: '/secret' }).end())
    expect(await post(`http://127.0.0.1:${port}/a`, own)).toMatchObject({ ok: true, value: { status: 302 } })
    expect(asked).toEqual(['/a'])
  })

  it('reads no more of an answer than its bound', async () => {
    const port = await serving(outgoing => {
      outgoing.write('x'.repeat(100_000))
    })
    expect(await post(`http://127.0.0.1:${port}/`, own)).toEqual({
      ok: true,
      value: { status: 200, text: 'xxxxxxxx', isCut: true },
    })
  })

  it('gives up on an endpoint that does not answer, on a name without address, and on a closed port', async () => {
    const port = await serving(() => undefined)
    expect(await post(`http://127.0.0.1:${port}/`, own)).toMatchObject({
      refusal: { message: 'The endpoint did not answer within 1 seconds' },
    })
    const resolve: ResolveName = async () => []
    expect(await post('https://hook.example/', { ...strict, resolve })).toMatchObject({
      refusal: { message: expect.stringContaining('hook.example, which has no address') },
    })
    const never: ResolveName = () => new Promise(() => undefined)
    expect(await post('https://hook.example/', { ...strict, resolve: never })).toMatchObject({
      refusal: { message: expect.stringContaining('within 1 seconds') },
    })
    server?.close()
    server?.closeAllConnections()
    expect(await post(`http://127.0.0.1:${port}/`, own)).toMatchObject({
      refusal: { message: expect.stringContaining('ECONNREFUSED') },
    })
  })
})
