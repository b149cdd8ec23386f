import fc from 'fast-check'
import { bytesToHex, type Hex, hexToBytes, size, zeroAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import type { LeaseAccess } from './leaseAccess.ts'
import { readPublishedAccess } from './publishedAccess.ts'
import { readPublishedRequest } from './publishedRequest.ts'
import type { RentalRequest } from './rentalRequest.ts'
import { openAccess, sealAccess } from './sealedAccess.ts'
import { openRequest, requestOfAccessOnly, sealRequest } from './sealedRequest.ts'
import { createSealingKey } from './sealingKey.ts'

const contracts = { instanceLease: '0x1111111111111111111111111111111111111111' } as const
const elsewhere = { instanceLease: '0x2222222222222222222222222222222222222222' } as const
const payer = '0x3333333333333333333333333333333333333333'
const lease = { contracts, chainId: 103, leaseId: 7n }
const opening = { contracts, chainId: 103, payer, offerId: 4n } as const
const provider = createSealingKey()
const renter = createSealingKey()
const stranger = createSealingKey()

const printable = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength })
const word = (maxLength: number) => printable(maxLength).map(text => text.replaceAll('\0', ''))
const port = fc.integer({ min: 1, max: 65_535 })
const requests: fc.Arbitrary<RentalRequest> = fc.record(
  {
    image: fc.stringMatching(/^[a-z0-9][a-z0-9./:@-]{0,80}$/),
    command: fc.array(word(30), { maxLength: 8 }),
    ports: fc.array(port, { maxLength: 32 }),
    env: fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/), word(40), { maxKeys: 8 }),
    sshPublicKey: fc.base64String({ minLength: 68, maxLength: 68 }).map(key => `ssh-ed25519 ${key} me@home`),
    diskGiB: fc.integer({ min: 1, max: 4_000 }),
  },
  { requiredKeys: [] },
)
const accesses: fc.Arbitrary<LeaseAccess> = fc.record(
  {
    ssh: fc.record({
      host: fc.constantFrom('gpu7.provider.example', '203.0.113.7', '[2001:db8::7]'),
      port,
      user: fc.constantFrom('renter', 'root'),
      password: fc.base64String({ maxLength: 40 }),
    }),
    urls: fc.array(fc.record({ port, url: fc.webUrl({ size: 'small' }).filter(url => url.length < 100) }), {
      maxLength: 3,
    }),
    token: fc.base64String({ maxLength: 60 }),
  },
  { requiredKeys: [] },
)

const sealOf = (request: RentalRequest, to: Hex = provider.publicKey) =>
  sealRequest({ ...opening, to, request, accessPublicKey: renter.publicKey })
const privateKeys = [provider.privateKey]

function flipped(bytes: Hex, at: number, bit: number): Hex {
  const altered = hexToBytes(bytes)
  altered[at] = (altered[at] ?? 0) ^ (1 << bit)
  return bytesToHex(altered)
}

describe('a sealed request', () => {
  it('is opened by the provider as the renter wrote it', () => {
    fc.assert(
      fc.property(requests, request => {
        const opened = openRequest({ ...opening, sealedRequest: sealOf(request), privateKeys })
        expect(opened).toEqual({ ok: true, request, accessPublicKey: renter.publicKey })
      }),
      { numRuns: 40 },
    )
  })

  it('may name what has to answer before the machine is ready', () => {
    const readyWhen = { port: 8080, path: '/health?deep=1' }
    expect(() => sealOf({ ports: [80, 8080], readyWhen })).not.toThrow()
    expect(() => sealOf({ ports: [8080], readyWhen: { port: 8080 } })).not.toThrow()
  })

  it('has one of four lengths, whatever it says', () => {
    fc.assert(
      fc.property(requests, request => {
        expect([512, 1_024, 2_048, 4_096]).toContain(size(sealOf(request)))
      }),
      { numRuns: 30 },
    )
    expect(size(sealOf({ image: 'a' }))).toBe(size(sealOf({ image: 'a'.repeat(200) })))
  })

  it('does not open once any bit is altered, and says so', () => {
    const sealedRequest = sealOf({ image: 'ubuntu' })
    fc.assert(
      fc.property(fc.nat(size(sealedRequest) - 1), fc.nat(7), (at, bit) => {
        const opened = openRequest({
          ...opening,
          sealedRequest: flipped(sealedRequest, at, bit),
          privateKeys,
        })
        expect(opened).toMatchObject({ ok: false, problem: expect.stringMatching(/^The request .*\.$/) })
      }),
      { numRuns: 120 },
    )
  })

  it('opens for no other key, payer, offer, market or chain', () => {
    const sealedRequest = sealOf({ image: 'ubuntu' })
    const attempts = [
      { ...opening, privateKeys: [stranger.privateKey, renter.privateKey] },
      { ...opening, privateKeys: [] },
      { ...opening, privateKeys, payer: zeroAddress },
      { ...opening, privateKeys, offerId: 5n },
      { ...opening, privateKeys, contracts: elsewhere },
      { ...opening, privateKeys, chainId: 1 },
    ]
    for (const attempt of attempts) {
      expect(openRequest({ ...attempt, sealedRequest })).toMatchObject({ ok: false })
    }
  })

  it('opens by a key that was replaced since', () => {
    const replaced = createSealingKey()
    const opened = openRequest({
      ...opening,
      sealedRequest: sealOf({ image: 'ubuntu' }, replaced.publicKey),
      privateKeys: [provider.privateKey, replaced.privateKey],
    })
    expect(opened).toMatchObject({ ok: true, request: { image: 'ubuntu' } })
  })

  it('shows everybody the access key and nothing else', () => {
    const first = sealOf({ image: 'ubuntu' })
    expect(readPublishedRequest(first)).toEqual({ kind: 'sealed', accessPublicKey: renter.publicKey })
    // Neither the same bytes twice nor a readable one.
    expect(sealOf({ image: 'ubuntu' })).not.toBe(first)
    expect(first).not.toContain(bytesToHex(new TextEncoder().encode('ubuntu')).slice(2))
  })

  it('may ask for nothing but that the access be sealed', () => {
    const sealedRequest = requestOfAccessOnly({ accessPublicKey: renter.publicKey })
    expect(openRequest({ ...opening, sealedRequest, privateKeys: [] })).toEqual({
      ok: true,
      request: {},
      accessPublicKey: renter.publicKey,
    })
    expect(openRequest({ ...opening, sealedRequest: '0x', privateKeys })).toEqual({
      ok: true,
      request: {},
      accessPublicKey: undefined,
    })
    expect(openRequest({ ...opening, sealedRequest: '0xdeadbeef', privateKeys })).toMatchObject({ ok: false })
  })

  it('is refused, with the field that is wrong, if no provider would take it', () => {
    const wrong: readonly [RentalRequest, string][] = [
      [{ image: '--privileged' }, 'request.image'],
      [{ image: 'a b' }, 'request.image'],
      [{ ports: [0] }, 'request.ports[0]'],
      [{ ports: Array(33).fill(80) }, 'request.ports'],
      [{ ports: [80], readyWhen: { port: 8080 } }, 'request.readyWhen.port'],
      [{ ports: [80], readyWhen: { port: 80, path: 'http://elsewhere/' } }, 'request.readyWhen.path'],
      [{ ports: [80], readyWhen: { port: 80, path: '/a b' } }, 'request.readyWhen.path'],
      [{ env: { 'A=B': 'c' } }, 'request.env'],
      [{ command: ['a\0b'] }, 'request.command[0]'],
      [{ sshPublicKey: 'command="rm" ssh-ed25519 AAAA' }, 'request.sshPublicKey'],
      [{ sshPublicKey: 'ssh-ed25519 AAAA a\nssh-ed25519 BBBB' }, 'request.sshPublicKey'],
      [{ diskGiB: 1.5 }, 'request.diskGiB'],
      [{ gpu: 1 } as RentalRequest, 'gpu'],
      [{ registryLogin: { username: 'me' } } as RentalRequest, 'request.registryLogin.password'],
    ]
    for (const [request, field] of wrong) expect(() => sealOf(request)).toThrow(field)
  })

  it('is refused if it is too long to be sealed', () => {
    expect(() => sealOf({ command: ['a'.repeat(2_000), 'b'.repeat(2_000)] })).toThrow('4013 fit')
  })

  it('is not sealed to what is no key', () => {
    for (const to of ['0x', '0x1234', zeroAddress] as const) {
      expect(() => sealOf({}, to)).toThrow('is not 32 bytes of hex')
    }
    expect(() => sealOf({}, `0x${'00'.repeat(32)}`)).toThrow('nobody can seal to')
  })
})

describe('a sealed access', () => {
  const access: LeaseAccess = { ssh: { host: 'gpu7.provider.example', port: 22_007, user: 'renter' } }
  const sealedAccess = sealAccess({ ...lease, to: renter.publicKey, access })
  const { privateKey } = renter

  it('is opened by the renter as the provider wrote it', () => {
    fc.assert(
      fc.property(accesses, written => {
        const sealed = sealAccess({ ...lease, to: renter.publicKey, access: written })
        expect(openAccess({ ...lease, sealedAccess: sealed, privateKey })).toEqual({
          ok: true,
          access: written,
        })
        expect([256, 512, 1_024]).toContain(size(sealed))
        expect(readPublishedAccess(sealed)).toEqual({ kind: 'sealed', bytes: sealed })
      }),
      { numRuns: 40 },
    )
  })

  it('does not open once any bit is altered, and says so', () => {
    fc.assert(
      fc.property(fc.nat(size(sealedAccess) - 1), fc.nat(7), (at, bit) => {
        const opened = openAccess({ ...lease, sealedAccess: flipped(sealedAccess, at, bit), privateKey })
        expect(opened).toMatchObject({ ok: false, problem: expect.stringMatching(/^The access .*\.$/) })
      }),
      { numRuns: 120 },
    )
  })

  it('opens for no other key, lease, market or chain', () => {
    const attempts = [
      { ...lease, privateKey: stranger.privateKey },
      { ...lease, privateKey, leaseId: 8n },
      { ...lease, privateKey, contracts: elsewhere },
      { ...lease, privateKey, chainId: 1 },
    ]
    for (const attempt of attempts)
      expect(openAccess({ ...attempt, sealedAccess })).toMatchObject({ ok: false })
  })

  it('is sealed again for a holder of a right, to a key of its own', () => {
    const again = sealAccess({ ...lease, to: stranger.publicKey, access })
    expect(openAccess({ ...lease, sealedAccess: again, privateKey: stranger.privateKey })).toEqual({
      ok: true,
      access,
    })
    expect(openAccess({ ...lease, sealedAccess: again, privateKey })).toMatchObject({ ok: false })
  })

  it('is never taken for a request, nor a request for an access', () => {
    const sealedRequest = sealRequest({
      ...opening,
      to: renter.publicKey,
      request: {},
      accessPublicKey: renter.publicKey,
    })
    expect(openAccess({ ...lease, sealedAccess: sealedRequest, privateKey })).toMatchObject({ ok: false })
    const long = sealAccess({ ...lease, to: provider.publicKey, access: { note: 'x'.repeat(400) } })
    expect(openRequest({ ...opening, sealedRequest: long, privateKeys })).toMatchObject({ ok: false })
  })

  it('is refused if it could steer ssh, a browser or a terminal', () => {
    const wrong: readonly [LeaseAccess, string][] = [
      [{ ssh: { host: '-oProxyCommand=rm', port: 22, user: 'a' } }, 'access.ssh.host'],
      [{ ssh: { host: 'a', port: 22, user: '-l' } }, 'access.ssh.user'],
      [{ ssh: { host: 'a', port: 70_000, user: 'a' } }, 'access.ssh.port'],
      [{ urls: [{ port: 80, url: 'javascript:alert(1)' }] }, 'access.urls[0].url'],
      [{ note: '\u001b[2J' }, 'access.note'],
      [{ ssh: { host: 'a', port: 22 } } as LeaseAccess, 'access.ssh.user'],
    ]
    for (const [bad, field] of wrong) {
      expect(() => sealAccess({ ...lease, to: renter.publicKey, access: bad })).toThrow(field)
    }
  })

  it('shows itself as plain where a provider did not seal it', () => {
    const bytes = bytesToHex(new TextEncoder().encode('{"ssh":"renter@host"}'))
    expect(readPublishedAccess(bytes)).toEqual({ kind: 'plain', bytes, text: '{"ssh":"renter@host"}' })
    expect(readPublishedAccess('0x')).toEqual({ kind: 'plain', bytes: '0x', text: '' })
  })
})
