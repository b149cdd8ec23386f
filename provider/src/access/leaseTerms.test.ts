import { openAccess, sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leaseTerms } from './leaseTerms.ts'
import { makeSecret } from './secrets.ts'

const contracts = { instanceLease: `0x${'11'.repeat(20)}` } as const
const { publicKey, privateKey } = createSealingKey()

describe('what a renter is told of its machine', () => {
  it('can be sealed with its secrets, however many ports there are and however long the address is', () => {
    const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 32 })
    const leaseIds = fc.bigInt({ min: 1n, max: 10n ** 12n })
    fc.assert(
      fc.property(ports, leaseIds, fc.integer({ min: 1, max: 60 }), (wanted, leaseId, length) => {
        const host = `${'g'.repeat(length)}.example`
        const place = {
          publicUrl: `https://${host}`,
          sshHost: host,
          sshPort: 4322,
          sshHostKey: `ssh-ed25519 ${'A'.repeat(68)}`,
        }
        const terms = leaseTerms(place, { leaseId, ports: wanted })
        const access = { ...terms, ssh: { ...terms.ssh, password: makeSecret() }, token: makeSecret() }
        const binding = { contracts, chainId: 103, leaseId }
        const sealedAccess = sealAccess({ ...binding, to: publicKey, access })
        expect(openAccess({ ...binding, sealedAccess, privateKey })).toEqual({ ok: true, access })
        expect(terms.urls.map(({ port }) => port)).toEqual(wanted.slice(0, terms.urls.length))
        if (wanted.length > 0) expect(terms.urls.length).toBeGreaterThan(0)
        if (terms.urls.length < wanted.length) expect(terms.note).toContain('more ports')
      }),
      { numRuns: 50 },
    )
  })
})
