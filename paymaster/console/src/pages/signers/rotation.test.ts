import { describe, expect, it } from 'vitest'
import type { SignerState, SignerView } from '../../../../src/admin/signers/schema.ts'
import { actionsFor, nextStepOf, rotationOf } from './rotation.ts'

describe('how far a rotation has come', () => {
  const step = (...items: SignerView[]) => rotationOf({ items, neededTrustBlocks: 3 }).step

  it('waits for a key, for its trust to be deep, for the old signatures, and for the removal', () => {
    const [active, fresh] = [signer('active'), signer('untrusted')]
    expect(step(active)).toBe('key')
    expect(step(active, fresh)).toBe('trust')
    expect(step(active, signer('standby', { trustedBlocks: 1 }))).toBe('trust')
    expect(step(active, signer('standby', { trustedBlocks: 3 }))).toBe('activate')
    expect(step(active, signer('retiring'))).toBe('wait')
    expect(step(active, signer('removable'))).toBe('remove')
  })

  it('begins anew when the old signer is gone, though its key is still here', () => {
    const spent = signer('untrusted', { lastSignatureExpiresAtSeconds: 1 })
    expect(step(signer('active'), spent)).toBe('key')
    expect(nextStepOf(spent, 3)).toBe('takeKeyOut')
  })

  it('offers nothing that breaks operations on their way', () => {
    const offered = (state: SignerState, more: Partial<SignerView> = {}) => actionsFor(signer(state, more), 3)
    expect(offered('active')).toEqual([])
    expect(offered('retiring')).toEqual([])
    expect(offered('standby', { trustedBlocks: 2 })).not.toContain('activate')
    expect(offered('removable')).toEqual(['remove'])
  })
})

function signer(state: SignerState, more: Partial<SignerView> = {}): SignerView {
  return {
    address: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
    state,
    hasKey: true,
    isActive: state === 'active',
    isTrusted: state !== 'untrusted' && state !== 'removed',
    trustedBlocks: 0,
    lastSignatureExpiresAtSeconds: null,
    isExpired: false,
    nextStep: null,
    ...more,
  }
}
