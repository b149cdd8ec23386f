import {
  type AbiParameter,
  encodeAbiParameters,
  encodeErrorResult,
  getAbiItem,
  type Hex,
  zeroAddress,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { entryPoint07Abi } from '../abi/entryPoint07.ts'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { computeErrorSentences, computeErrorsAbi } from './computeErrors.ts'
import { decodeComputeError } from './decodeComputeError.ts'

const pingTooSoon = encodeErrorResult({ abi: instanceLeaseAbi, errorName: 'PingTooSoon', args: [120n] })

describe('decodeComputeError', () => {
  it.each([...new Set(computeErrorsAbi.map(error => ('name' in error ? error.name : '')))])(
    'puts %s into a sentence with a remedy',
    name => {
      const error = getAbiItem({ abi: computeErrorsAbi, name })
      if (error?.type !== 'error') throw new Error(`${name} is no error`)
      const args = error.inputs.map(sample)
      const data = encodeErrorResult({ abi: [error], errorName: name, args })
      const decoded = decodeComputeError(data)
      expect(decoded?.errorName).toBe(name)
      expect(decoded?.problem).toMatch(/^[A-Z0-9].*[.:]$/)
      expect(decoded?.remedy).toMatch(/^[A-Z].*\.$/)
      expect(decoded?.problem).not.toContain('undefined')
    },
  )

  it('knows every error of the ABIs', () => {
    for (const error of computeErrorsAbi) {
      if (error.type === 'error') expect(computeErrorSentences).toHaveProperty(error.name)
    }
  })

  it('finds revert data however deep viem has wrapped it', () => {
    const wrapped = new Error('outer', {
      cause: Object.assign(new Error('middle'), { cause: { code: -32521, data: pingTooSoon } }),
    })
    expect(decodeComputeError(wrapped)?.problem).toContain('block 120')
  })

  it('finds revert data inside the object that a bundler sends as error data', () => {
    expect(decodeComputeError({ code: -32521, data: { revertData: pingTooSoon } })?.errorName).toBe(
      'PingTooSoon',
    )
  })

  it("finds the reason in a user operation's receipt", () => {
    expect(decodeComputeError({ success: false, reason: pingTooSoon })?.errorName).toBe('PingTooSoon')
  })

  it("tells what reverted inside rather than the EntryPoint's wrapper around it", () => {
    const data = encodeErrorResult({
      abi: entryPoint07Abi,
      errorName: 'FailedOpWithRevert',
      args: [0n, 'AA33 reverted', pingTooSoon],
    })
    expect(decodeComputeError(data)?.errorName).toBe('PingTooSoon')
  })

  it("keeps the EntryPoint's own words when nothing inside is known", () => {
    const data = encodeErrorResult({
      abi: entryPoint07Abi,
      errorName: 'FailedOp',
      args: [0n, 'AA25 invalid account nonce'],
    })
    expect(decodeComputeError(data)?.problem).toContain('AA25 invalid account nonce')
  })

  it("repeats Solidity's own reason strings", () => {
    const data = `0x08c379a0${encodeAbiParameters([{ type: 'string' }], ['no way']).slice(2)}` as const
    expect(decodeComputeError(data)?.problem).toContain('no way')
  })

  it('says nothing about what it does not know', () => {
    expect(decodeComputeError('0xdeadbeef')).toBeUndefined()
    expect(decodeComputeError(new Error('fetch failed'))).toBeUndefined()
    expect(decodeComputeError(undefined)).toBeUndefined()
  })
})

function sample({ type }: AbiParameter): unknown {
  if (type === 'address') return zeroAddress
  if (type === 'string') return 'pricePerSecondWei'
  if (type === 'bytes') return '0x' satisfies Hex
  if (type === 'bytes32') return `0x${'00'.repeat(32)}`
  if (type === 'bool') return false
  // viem takes small integers as numbers.
  return Number(/\d+$/.exec(type)?.[0]) <= 48 ? 3 : 3n
}
