import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Anvil, type Hardfork, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { startGeth } from '@worldland-aa/service/testing/startGeth'
import { createPublicClient, custom, type Hex, http, type PublicClient } from 'viem'
import { afterAll, describe, expect, it } from 'vitest'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { freshAddress, startTestChain } from '../validation/testing/testChain.ts'
import { chainProfileOf } from './chainProfile.ts'
import { describeChain } from './describeChain.ts'
import { entryPointProblem } from './entryPointProblem.ts'
import { behavesAsErc7562Tracer } from './erc7562Behaviour.ts'
import { evmForks } from './evmFork.ts'
import { neededFork } from './neededFork.ts'
import { probeChain } from './probe.ts'
import { probeReport } from './probeReport.ts'

// biome-ignore lint/style/noProcessEnv: the binary is the operator's to name
const { GETH } = process.env
const defaults = {
  entryPoint: entryPointVersions['0.7'].canonicalAddress,
  entryPointVersion: 'auto',
  tracer: 'auto',
  fork: 'auto',
} as const
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
      const isServed = /^eth_(getBlockByNumber|call|chainId)$/.test(method)
      const isTag = params?.some(param => param === 'safe' || param === 'finalized')
      if (!isServed || isTag || params?.length === 3) throw new Error('the method does not exist')
      return await client.request({ method, params } as never)
    }
    const narrow = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as PublicClient
    expect(await probeChain(narrow)).toMatchObject({
      fork: 'london',
      isForkTold: true,
      stateOverrides: false,
      safeTag: false,
      finalizedTag: false,
      accessLists: false,
      proofs: false,
      blockReceipts: false,
      scriptTracers: false,
      erc7562Tracer: false,
      logRangeBlocks: 0,
      deterministicDeployer: false,
    })
  })

  it('says that it could not ask for the EVM rather than call it old', async () => {
    const { client } = await chainOf('prague')
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }) => {
      const [call] = (params ?? []) as { to?: string }[]
      if (method === 'eth_call' && call?.to === undefined)
        throw new Error('missing value for required argument')
      return await client.request({ method, params } as never)
    }
    const picky = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as PublicClient
    const capabilities = await probeChain(picky)
    expect(capabilities).toMatchObject({ fork: 'london', isForkTold: false })
    expect(describeChain({ chainId: 1, profile: chainProfileOf(1), capabilities, entryPoints: [] })).toMatch(
      /EVM +london \(not told; --fork sets it\)/,
    )
  })

  it.each([
    ['counts no GAS that a CALL uses, and tells slots', ['0x54'], { '0x7': [] }, ['0x5a'], true],
    ['counts GAS before a CALL as well', ['0x5a', '0x54'], { '0x7': [] }, ['0x5a'], false],
    ['counts no GAS at all', ['0x54'], { '0x7': [] }, [], false],
    ['tells no slots', ['0x54'], {}, ['0x5a'], false],
  ])(
    'believes an erc7562Tracer by what it does: one that %s',
    async (_, calling, reads, looking, isBelieved) => {
      const counted = (opcodes: readonly string[]) => Object.fromEntries(opcodes.map(opcode => [opcode, 1]))
      const ask = async (_method: string, params: readonly unknown[]) => {
        const isCalling = (params[0] as { data: Hex }).data.includes('f1')
        return {
          usedOpcodes: counted(isCalling ? calling : looking),
          accessedSlots: { reads: isCalling ? reads : {} },
        }
      }
      expect(await behavesAsErc7562Tracer(ask)).toBe(isBelieved)
    },
  )

  it.skipIf(GETH === undefined)('believes geth’s own erc7562Tracer', async () => {
    const geth = await startGeth({ binary: GETH ?? '', accounts: {} })
    const client = createPublicClient({ transport: http(geth.url) }) as PublicClient
    expect(await probeChain(client)).toMatchObject({ erc7562Tracer: true, isForkTold: true })
    await geth.stop()
  })

  it('prints what can be served', async () => {
    const { url } = await chainOf('london')
    const { text, obstacles } = await probeReport({ ...defaults, rpcUrl: url })
    expect(text).toMatch(/EVM +london/)
    expect(text).toMatch(/EntryPoint v0\.7 +there is no EntryPoint/)
    expect(obstacles).toEqual([expect.stringMatching(/^there is no EntryPoint at .*npm run deploy/)])
  })

  it('asks what start asks, and tells every obstacle by its name', async () => {
    const chain = await startTestChain()
    const probe = (change: object = {}) =>
      probeReport({ ...defaults, rpcUrl: chain.client.transport.url ?? '', ...change })
    expect((await probe()).obstacles).toEqual([])
    const obstacles = (await probe({ tracer: 'native', entryPoint: freshAddress() })).obstacles
    expect(obstacles).toEqual([
      expect.stringContaining('there is no EntryPoint'),
      expect.stringContaining('say which it is by --entry-point-version'),
      expect.stringContaining('erc7562Tracer'),
    ])
    await chain.stop()
  })

  it('exits as start would', async () => {
    const { url } = await chainOf('london')
    const main = fileURLToPath(new URL('../../packed/main.js', import.meta.url))
    const probe = (...flags: string[]) =>
      promisify(execFile)(process.execPath, [main, 'probe', '--rpc-url', url, ...flags])
    await expect(probe()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/EVM +london/),
      stderr: expect.stringMatching(/^start would not serve here: there is no EntryPoint/),
    })
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
    const request = {
      client,
      chainId: 103,
      address,
      capabilities: { fork: 'london', isForkTold: true },
    } as const
    expect(await entryPointProblem(request)).toMatch(/there is no EntryPoint at/)
    await chain.place(codeOf('aa-contracts-08'), address)
    expect(await entryPointProblem(request)).toMatch(/london.*needs cancun.*(MCOPY|TSTORE)/)
    const untold = { fork: 'london', isForkTold: false } as const
    expect(await entryPointProblem({ ...request, capabilities: untold })).toMatch(/give it by --fork/)
    const newer = { fork: 'cancun', isForkTold: true } as const
    expect(await entryPointProblem({ ...request, capabilities: newer })).toBeUndefined()
    await chain.stop()
  })
})
