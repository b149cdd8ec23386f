import { createRequire } from 'node:module'
import { type Anvil, type Hardfork, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { createPublicClient, custom, type Hex, http, type PublicClient } from 'viem'
import { afterAll, describe, expect, it } from 'vitest'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { startTestChain } from '../validation/testing/testChain.ts'
import { entryPointProblem } from './entryPointProblem.ts'
import { evmForks } from './evmFork.ts'
import { neededFork } from './neededFork.ts'
import { probeChain } from './probe.ts'
import { probeReport } from './probeReport.ts'

const running: Anvil[] = []
afterAll(async () => {
  for (const anvil of running) await anvil.stop()
})

async function chainOf(hardfork: Hardfork): Promise<{ url: string; client: PublicClient }> {
  const anvil = await startAnvil({ hardfork })
  running.push(anvil)
  // The first block of anvil is no block of its level yet.
  await anvil.client.mine({ blocks: 1 })
  return { url: anvil.url, client: createPublicClient({ transport: http(anvil.url) }) as PublicClient }
}

describe('the probe', () => {
  it.each(evmForks)('tells a chain at the level of %s', async fork => {
    const { client } = await chainOf(fork)
    expect((await probeChain(client)).fork).toBe(fork)
  })

  it('finds what anvil can do, and that it has no erc7562Tracer', async () => {
    const { client } = await chainOf('london')
    expect(await probeChain(client)).toMatchObject({
      hasFeeMarket: true,
      stateOverrides: true,
      blockHashParameters: true,
      scriptTracers: true,
      erc7562Tracer: false,
      deterministicDeployer: true,
      logRangeBlocks: 10_000,
    })
  })

  it('takes every refusal for an answer', async () => {
    const { client } = await chainOf('london')
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }) => {
      const isServed = /^eth_(getBlockByNumber|call|getCode|chainId)$/.test(method)
      const isTag = params?.some(param => param === 'safe' || param === 'finalized')
      if (!isServed || isTag || params?.length === 3) throw new Error('the method does not exist')
      return await client.request({ method, params } as never)
    }
    const narrow = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as PublicClient
    expect(await probeChain(narrow)).toMatchObject({
      fork: 'london',
      stateOverrides: false,
      safeTag: false,
      finalizedTag: false,
      accessLists: false,
      proofs: false,
      blockReceipts: false,
      scriptTracers: false,
      logRangeBlocks: 0,
    })
  })

  it('prints what can be served', async () => {
    const { url } = await chainOf('london')
    const report = await probeReport(url)
    expect(report).toMatch(/EVM +london/)
    expect(report).toMatch(/EntryPoint v0\.7 +there is no EntryPoint/)
  })
})

describe('the EVM that a contract needs', () => {
  const codeOf = (contracts: string): Hex =>
    createRequire(import.meta.url)(`${contracts}/artifacts/EntryPoint.json`).deployedBytecode

  it.each([
    ['aa-contracts-06', 'london'],
    ['@account-abstraction/contracts', 'london'],
    ['aa-contracts-08', 'cancun'],
    ['aa-contracts-09', 'cancun'],
  ])('for %s is %s', (contracts, fork) => {
    const { deployedBytecode } = { deployedBytecode: codeOf(contracts) }
    expect(neededFork(deployedBytecode).fork).toBe(fork)
  })

  it('is not told from the operands of PUSH, nor from metadata', () => {
    expect(neededFork('0x615f5e00').fork).toBe('london')
    expect(neededFork('0x00a15f5e5f0004').fork).toBe('london')
    expect(neededFork('0x005f').fork).toBe('shanghai')
  })

  it('keeps an EntryPoint of v0.8 from being served on London, with the reason', async () => {
    const chain = await startTestChain()
    const { client } = chain
    const address = entryPointVersions['0.8'].canonicalAddress
    const request = { client, chainId: 103, address, capabilities: { fork: 'london' } } as const
    expect(await entryPointProblem(request)).toMatch(/there is no EntryPoint at/)
    await chain.place(codeOf('aa-contracts-08'), address)
    expect(await entryPointProblem(request)).toMatch(/london.*needs cancun.*(MCOPY|TSTORE)/)
    expect(await entryPointProblem({ ...request, capabilities: { fork: 'cancun' } })).toBeUndefined()
    await chain.stop()
  })
})
