// Stakes and code as our own EVM's state tells them, held against what the EntryPoint itself and the node say.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { encodeFunctionData, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgramReader } from '../chainState/programReader.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { nodeEntities } from '../validation/entityState.ts'
import { assemble } from '../validation/testing/assemble.ts'
import { freshAddress, startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { createEngine } from './engine.ts'

describe.each([
  { number: '0.6', hardfork: 'london' },
  { number: '0.7', hardfork: 'london' },
  { number: '0.8', hardfork: 'cancun' },
  { number: '0.9', hardfork: 'prague' },
] as const)('with EntryPoint v$number on $hardfork', ({ number, hardfork }) => {
  const version = entryPointVersions[number]
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({ version, hardfork })
  })
  afterAll(() => chain.stop())

  it('the stakes and code hashes of entities are as the EntryPoint and the node tell them', async () => {
    const { entryPoint } = chain
    const engine = createEngine({
      reader: createProgramReader(chain.client),
      chainId: 103,
      evm: { fork: hardfork, extraPrecompiles: [] },
      stepLimit: 1_000_000,
    })
    const staked = await chain.place(assemble('1'))
    await chain.stake(staked, { wei: parseEther('2') + 1n, unstakeDelaySeconds: 86_401 })
    const deposit = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [staked] })
    await chain.sendAs(freshAddress(), { to: entryPoint, data: deposit, value: parseEther('3') + 5n })
    const leaving = await chain.place(assemble('2'))
    await chain.stake(leaving, { wei: 2n ** 80n - 1n, unstakeDelaySeconds: 2 ** 32 - 1 })
    const unlock = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'unlockStake' })
    await chain.sendAs(leaving, { to: entryPoint, data: unlock })
    const nobody = freshAddress()

    const request = {
      block: await chain.head(),
      stakesOf: [staked, leaving, nobody],
      codeOf: [staked, nobody, entryPoint],
    }
    const found = await engine.entities({ ...request, entryPoint, version })
    expect(found).toEqual(await nodeEntities(chain.client, entryPoint)(request))
    expect(found.stakes).toEqual([
      { stakeWei: parseEther('2') + 1n, unstakeDelaySeconds: 86_401, isLocked: true },
      { stakeWei: 2n ** 80n - 1n, unstakeDelaySeconds: 2 ** 32 - 1, isLocked: false },
      { stakeWei: 0n, unstakeDelaySeconds: 0, isLocked: false },
    ])
  })
})
