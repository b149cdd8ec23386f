import type { Hex } from 'viem'
import { expect, it } from 'vitest'
import { createAskedOnce } from './askedOnce.ts'

const allowances = { mostKnown: 3, mostStrange: 2 }
const strange = (name: string) => ({ name, isKnown: () => false })
const known = (name: string) => ({ name, isKnown: () => true })

it('asks once per block and subject, and again where it had no answer', async () => {
  let head: Hex = '0x01'
  const asked: string[] = []
  const once = createAskedOnce(allowances)(() => head)
  const ask = async ({ blockHash }: { blockHash: Hex }) => {
    asked.push(blockHash)
    if (asked.length === 1) throw new Error('The node is away')
    return asked.length
  }
  await expect(once(strange('a'), ask)).rejects.toThrow('away')
  expect([await once(strange('a'), ask), await once(strange('a'), ask)]).toEqual([2, 2])
  head = '0x02'
  expect(await once(strange('a'), ask)).toBe(3)
  expect(asked).toEqual(['0x01', '0x01', '0x02'])
})

it('keeps what was asked at a block while the next is asked ahead, and has that then', async () => {
  let head: Hex = '0x01'
  const asked: string[] = []
  const askedOnce = createAskedOnce(allowances)
  const ask = async ({ blockHash }: { blockHash: Hex }) => asked.push(blockHash)
  await askedOnce(() => head)(known('a'), ask)
  await askedOnce(() => '0x02')(known('a'), ask)
  for (const next of ['0x01', '0x02'] as const) {
    head = next
    await askedOnce(() => head)(known('a'), ask)
  }
  expect(asked).toEqual(['0x01', '0x02'])
})

it('Attack: strangers name so much that nothing more can be asked in this block: lanes that are known go on', async () => {
  let head: Hex = '0x01'
  const once = createAskedOnce(allowances)(() => head)
  const yes = async () => true
  for (const name of ['a', 'b']) await once(strange(name), yes)
  expect(() => once(strange('c'), yes)).toThrow('strangers')
  for (const name of ['d', 'e', 'f']) expect(await once(known(name), yes)).toBe(true)
  expect(() => once(known('g'), yes)).toThrow('known lanes')
  expect(await once(strange('a'), yes)).toBe(true)
  head = '0x02'
  expect(await once(strange('c'), yes)).toBe(true)
})
