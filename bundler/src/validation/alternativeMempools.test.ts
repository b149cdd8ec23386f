import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlternativeMempool } from './alternativeMempools.ts'
import { readAlternativeMempools } from './readAlternativeMempools.ts'
import { accountCode } from './testing/assemble.ts'
import { testOperation } from './testing/operation.ts'
import { startTestChain, type TestChain } from './testing/testChain.ts'
import { followedChain, validationOn } from './testing/validationHarness.ts'

const clocks: AlternativeMempool = { name: 'clocks', allows: [{ rule: 'OP-011', opcode: 'TIMESTAMP' }] }
const anyEnvironment: AlternativeMempool = { name: 'environment', allows: [{ rule: 'OP-011' }] }
const ofPaymasters: AlternativeMempool = {
  name: 'paymasters',
  allows: [{ rule: 'OP-011', entity: 'paymaster' }],
}

describe('an operation, where alternative mempools are served,', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain()
  })
  afterAll(() => chain.stop())

  async function validate(body: string, alternativeMempools: readonly AlternativeMempool[]) {
    const source = await followedChain(chain)
    const validation = validationOn(chain, { client: chain.client, source, alternativeMempools })
    return await validation.validate(testOperation({ sender: await chain.place(accountCode(body)) }))
  }

  it('is part of none while it keeps the canonical rules [ALT-020]', async () => {
    const verdict = await validate('', [clocks])
    expect(verdict).toMatchObject({ ok: true })
    expect(verdict.ok && verdict.value.mempools).toBe(undefined)
  })

  it('is part of all that allow what it breaks [ALT-021]', async () => {
    expect(await validate('TIMESTAMP POP', [clocks, ofPaymasters, anyEnvironment])).toMatchObject({
      ok: true,
      value: { mempools: ['clocks', 'environment'] },
    })
  })

  it('is refused when no single one allows all that it breaks', async () => {
    expect(await validate('TIMESTAMP POP NUMBER POP', [clocks, ofPaymasters])).toMatchObject({
      ok: false,
      refusal: { code: -32502, data: { rule: 'OP-011' } },
    })
  })
})

describe('the file of alternative mempools', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mempools-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const read = (content: unknown) => {
    const file = join(folder, 'mempools.json')
    writeFileSync(file, JSON.stringify(content))
    return readAlternativeMempools(file)
  }

  it('is read as it stands', () => {
    expect(read({ mempools: [clocks, ofPaymasters] })).toEqual({ ok: true, value: [clocks, ofPaymasters] })
  })

  it.each([
    ['an unknown field', { mempools: [{ ...clocks, allow: [] }] }, 'mempools.0'],
    ['a rule that is none', { mempools: [{ name: 'a', allows: [{ rule: 'anything' }] }] }, 'allows.0.rule'],
    ['two of a name', { mempools: [clocks, clocks] }, 'two mempools are called clocks'],
  ])('is refused, with the place, for %s', (_, content, told) => {
    expect(read(content)).toMatchObject({ ok: false, refusal: { message: expect.stringContaining(told) } })
  })
})
