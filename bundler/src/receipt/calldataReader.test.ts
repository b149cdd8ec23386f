import { afterEach, describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { numberedAddress, validatedOperation } from '../testing/validated.ts'
import { bundledOperations } from './bundledOperations.ts'
import { type CalldataReader, createCalldataReader } from './calldataReader.ts'

const domain = { chainId: 103, entryPoint: numberedAddress(5) }
const bundleOf = (count: number) =>
  encodeBundle(
    entryPoint07,
    Array.from({ length: count }, (_, index) =>
      validatedOperation({ sender: numberedAddress(1), nonce: BigInt(index) }),
    ),
    numberedAddress(9),
  )
let reader: CalldataReader
afterEach(() => reader.stop())

describe('calldata that anyone may have written', () => {
  it('is looked through, be it short or so long that a thread does it, with the same outcome', async () => {
    reader = createCalldataReader({ version: entryPoint07, ...domain })
    for (const count of [1, 60]) {
      const calldata = bundleOf(count)
      const found = await reader.operationsIn(calldata)
      expect(found.size).toBe(count)
      expect(found).toEqual(bundledOperations(calldata, entryPoint07, domain).operations)
    }
  })

  it('keeps nobody else waiting where it is long', async () => {
    reader = createCalldataReader({ version: entryPoint07, ...domain })
    const long = bundleOf(1_000)
    await reader.operationsIn(bundleOf(60))
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    // It is looked through eight times over, and between any two of them the event loop goes on.
    const all = await Promise.all(Array.from({ length: 8 }, () => reader.operationsIn(long)))
    clearInterval(counting)
    expect(all.map(({ size }) => size)).toEqual(all.map(() => 1_000))
    expect(turns).toBeGreaterThan(8)
  })

  it('is asked about again after the thread was stopped meanwhile', async () => {
    reader = createCalldataReader({ version: entryPoint07, ...domain })
    const asked = reader.operationsIn(bundleOf(60)).catch((error: Error) => error.message)
    await reader.stop()
    expect(await asked).toContain('The thread that looks through calldata ended')
    expect((await reader.operationsIn(bundleOf(60))).size).toBe(60)
  })
})
