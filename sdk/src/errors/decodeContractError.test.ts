import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type Abi,
  type AbiParameter,
  encodeAbiParameters,
  encodeErrorResult,
  type Hex,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { computeErrorsAbi } from '../abi/computeErrors.ts'
import { entryPoint07Abi } from '../abi/entryPoint07.ts'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { computeErrorSentences } from './computeErrors.ts'
import { decodeContractError } from './decodeContractError.ts'

type AbiError = Extract<Abi[number], { type: 'error' }>

const pingTooSoon = encodeErrorResult({ abi: instanceLeaseAbi, errorName: 'PingTooSoon', args: [120n] })

describe('decodeContractError', () => {
  const errors = [
    ...new Map(
      computeErrorsAbi.flatMap(item =>
        item.type === 'error' ? [[toFunctionSelector(signatureOf(item)), item] as const] : [],
      ),
    ).values(),
  ]

  it.each(errors.map(error => [signatureOf(error), error] as const))(
    'puts %s into a sentence with a remedy',
    (_, error) => {
      const data = encodeErrorResult({ abi: [error], errorName: error.name, args: error.inputs.map(sample) })
      const decoded = decodeContractError(data)
      expect(decoded?.errorName).toBe(error.name)
      expect(decoded?.problem).toMatch(/^[A-Z0-9(].*[.:]$/)
      expect(decoded?.remedy).toMatch(/^[A-Z].*\.$/)
      expect(decoded?.problem).not.toMatch(/undefined|NaN|\[object/)
    },
  )

  it('knows every error of every ABI that the SDK has', async () => {
    for (const file of readdirSync(new URL('../abi', import.meta.url))) {
      const module = (await import(`../abi/${basename(file, '.ts')}.ts`)) as Record<string, Abi>
      for (const item of Object.values(module).flat()) {
        if (item.type !== 'error') continue
        expect(computeErrorSentences, `${file}: ${item.name}`).toHaveProperty(item.name)
        expect(errors.map(signatureOf), `${file}: ${item.name}`).toContain(signatureOf(item))
      }
    }
  })

  it('finds revert data however deep viem has wrapped it', () => {
    const wrapped = new Error('outer', {
      cause: Object.assign(new Error('middle'), { cause: { code: -32521, data: pingTooSoon } }),
    })
    expect(decodeContractError(wrapped)?.problem).toContain('block 120')
  })

  it('finds revert data inside the object that a bundler sends as error data', () => {
    expect(decodeContractError({ code: -32521, data: { revertData: pingTooSoon } })?.errorName).toBe(
      'PingTooSoon',
    )
  })

  it("finds the reason in a user operation's receipt", () => {
    expect(decodeContractError({ success: false, reason: pingTooSoon })?.errorName).toBe('PingTooSoon')
  })

  it("tells what reverted inside rather than the EntryPoint's wrapper around it", () => {
    const data = encodeErrorResult({
      abi: entryPoint07Abi,
      errorName: 'FailedOpWithRevert',
      args: [0n, 'AA33 reverted', pingTooSoon],
    })
    expect(decodeContractError(data)?.errorName).toBe('PingTooSoon')
  })

  it("keeps the EntryPoint's own words when nothing inside is known", () => {
    const data = encodeErrorResult({
      abi: entryPoint07Abi,
      errorName: 'FailedOp',
      args: [0n, 'AA25 invalid account nonce'],
    })
    expect(decodeContractError(data)?.problem).toContain('AA25 invalid account nonce')
  })

  it("repeats Solidity's own reason strings", () => {
    const data = `0x08c379a0${encodeAbiParameters([{ type: 'string' }], ['no way']).slice(2)}` as const
    expect(decodeContractError(data)?.problem).toContain('no way')
  })

  it('says nothing about what it does not know', () => {
    expect(decodeContractError('0xdeadbeef')).toBeUndefined()
    expect(decodeContractError(new Error('fetch failed'))).toBeUndefined()
    expect(decodeContractError(undefined)).toBeUndefined()
  })
})

function signatureOf(error: AbiError): string {
  return `${error.name}(${error.inputs.map(formatAbiParameter)})`.replaceAll('tuple', '')
}

function formatAbiParameter(parameter: AbiParameter): string {
  if (!('components' in parameter)) return parameter.type
  return `(${parameter.components.map(formatAbiParameter)})`
}

function sample(parameter: AbiParameter): unknown {
  const { type } = parameter
  if ('components' in parameter) {
    return Object.fromEntries(parameter.components.map(component => [component.name, sample(component)]))
  }
  if (type === 'address') return zeroAddress
  if (type === 'string') return 'pricePerSecondWei'
  if (type === 'bytes') return '0x' satisfies Hex
  if (type === 'bytes32') return `0x${'00'.repeat(32)}`
  if (type === 'bytes4') return '0x12345678'
  if (type === 'bool') return false
  // viem takes small integers as numbers.
  return Number(/\d+$/.exec(type)?.[0]) <= 48 ? 3 : 3n
}
