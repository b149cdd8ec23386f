import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { type Address, encodeFunctionData, hexToBigInt, hexToString, parseEther, slice } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chain, startChain } from '../testing/startChain.ts'
import { callSequenceCode, readAnswers } from './callSequence.ts'

const someone: Address = '0x5e90e9ce5e90e9ce5e90e9ce5e90e9ce5e90e9ce'
const other: Address = '0x9000000000000000000000000000000000000009'
let chain: Chain

beforeAll(async () => {
  chain = await startChain()
  await chain.mintTokens(someone, parseEther('1'))
})
afterAll(() => chain?.stop())

function token(functionName: 'transfer' | 'balanceOf' | 'name', args: readonly unknown[]) {
  return { to: chain.token, data: encodeFunctionData({ abi: computeTokenAbi, functionName, args } as never) }
}

async function play(calls: Parameters<typeof callSequenceCode>[0]) {
  const { data } = await chain.client.call({
    to: someone,
    stateOverride: [{ address: someone, code: callSequenceCode(calls) }],
  })
  return readAnswers(data ?? '0x')
}

describe('a sequence of calls', () => {
  it('acts as the address it stands at, each call on what the one before left', async () => {
    const answers = await play([
      token('transfer', [other, parseEther('0.25')]),
      token('balanceOf', [other]),
      token('balanceOf', [someone]),
    ])
    expect(answers.map(answer => answer.success)).toEqual([true, true, true])
    const balances = answers.slice(1).map(answer => hexToBigInt(slice(answer.returnData, 0, 32)))
    expect(balances).toEqual([parseEther('0.25'), parseEther('0.75')])
  })

  it('goes on after a call that reverts, and keeps its reason', async () => {
    const [failed, balance] = await play([
      token('transfer', [other, parseEther('2')]),
      token('balanceOf', [someone]),
    ])
    expect(failed?.success).toBe(false)
    expect(slice(failed?.returnData ?? '0x', 0, 4)).toBe('0xe450d38c') // ERC20InsufficientBalance
    expect(hexToBigInt(slice(balance?.returnData ?? '0x', 0, 32))).toBe(parseEther('1'))
  })

  it('keeps the answers of long and empty calls apart', async () => {
    const long = { to: chain.token, data: `${token('name', []).data}${'ff'.repeat(500)}` as const }
    const [none, name, again] = await play([{ to: other, data: '0x' }, long, token('name', [])])
    expect(none).toMatchObject({ success: true, returnData: `0x${'00'.repeat(256)}` })
    // Cold the first time (EIP-2929).
    expect({ ...name, gasUsed: again?.gasUsed }).toEqual(again)
    expect(name?.gasUsed).toBeGreaterThan(again?.gasUsed ?? 0n)
    expect(hexToString(slice(name?.returnData ?? '0x', 64, 96), { size: 32 })).toMatch(/^WorldLand/)
  })

  it('gives a call the gas that is set for it, and tells what it used', async () => {
    const call = token('transfer', [other, 5n])
    const [free] = await play([call])
    const used = free?.gasUsed ?? 0n
    const [enough] = await play([{ ...call, gas: used }])
    expect(enough?.success).toBe(true)
    expect((enough?.gasUsed ?? 0n) - used).toBeLessThan(10n)
    const [tooLittle] = await play([{ ...call, gas: used / 2n }])
    expect(tooLittle?.success).toBe(false)
    expect(tooLittle?.gasUsed).toBeLessThan(used)
  })

  it('leaves nothing behind', async () => {
    await play([token('transfer', [other, 5n])])
    const balance = await chain.client.call({ ...token('balanceOf', [other]) })
    expect(hexToBigInt(balance.data ?? '0x1')).toBe(0n)
  })
})
