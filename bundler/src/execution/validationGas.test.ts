// What our own EVM counts for a validation, held against what the real handleOps takes on a node, to the gas.
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revertDataOf } from '../bundling/handleOps.ts'
import { createProgramReader } from '../chainState/programReader.ts'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { defaultValidationLimits } from '../validation/limits.ts'
import { beneficiary } from '../validation/testing/operation.ts'
import { deploySimpleAccounts, type SimpleAccounts } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { createEngine, type Engine } from './engine.ts'

describe.each([
  { number: '0.6', hardfork: 'london' },
  { number: '0.7', hardfork: 'london' },
  { number: '0.8', hardfork: 'cancun' },
  { number: '0.9', hardfork: 'prague' },
] as const)(
  'the least verificationGasLimit with EntryPoint v$number on $hardfork',
  ({ number, hardfork }) => {
    const version = entryPointVersions[number]
    let chain: TestChain
    let accounts: SimpleAccounts
    let engine: Engine

    beforeAll(async () => {
      chain = await startTestChain({ version, hardfork })
      accounts = await deploySimpleAccounts(chain)
      engine = createEngine({
        reader: createProgramReader(chain.client),
        chainId: 103,
        evm: { fork: hardfork, extraPrecompiles: [] },
        stepLimit: 1_000_000,
      })
    })
    afterAll(() => chain.stop())

    async function gasUsed(salt: bigint): Promise<bigint> {
      const userOperation = await accounts.operation(salt)
      const { entryPoint } = chain
      const block = await chain.head()
      const trace = await engine.trace({ userOperation, entryPoint, version, block, operationKey: `${salt}` })
      if (!trace.outcome.passed) throw new Error('it does not validate')
      return trace.outcome.gas.account
    }

    /** Whether a node gets past the operation's validation, with so many behind it of which the next ends the call. */
    async function isEnough(salt: bigint, verificationGasLimit: bigint, behind: number): Promise<boolean> {
      const operation = version.encode(await accounts.operation(salt, { verificationGasLimit }))
      const others = Array<typeof operation>(behind).fill(version.stopper.encoded)
      const data = encodeHandleOps(version, [operation, ...others], beneficiary)
      const { hash: blockHash } = await chain.head()
      const call = { from: beneficiary, to: chain.entryPoint, data, gas: '0x989680' }
      const revertData = await revertDataOf(chain.client, [call, { blockHash }])
      if (revertData === (behind === 0 ? undefined : version.stopper.revertData)) return true
      expect(revertData && version.failureOf(revertData)?.reason).toMatch(/over verificationGasLimit$/)
      return false
    }

    it.each([
      ['an operation that deploys its account and pays from the balance', 1n],
      ['one of an account that exists and has a deposit', 2n],
    ] as const)(
      'is what is counted, and the slack lets it into any company: %s [LIM-030]',
      async (_, salt) => {
        const first = await accounts.operation(salt)
        if (salt === 1n) await chain.anvil.setBalance({ address: first.sender, value: parseEther('1') })
        else {
          await chain.deposit(first.sender, parseEther('1'))
          const data = encodeHandleOps(version, [version.encode(first)], beneficiary)
          await chain.send({ to: chain.entryPoint, data, gas: 3_000_000n })
        }
        const used = await gasUsed(salt)
        expect(await isEnough(salt, used, 1)).toBe(true)
        expect(await isEnough(salt, used - 1n, 1)).toBe(false)
        // Memory costs more the more of it there is: alone it takes a little less, among a hundred some hundreds more.
        expect(await isEnough(salt, used - 1n, 0)).toBe(true)
        expect(await isEnough(salt, used - 4n, 0)).toBe(false)
        expect(await isEnough(salt, used, 99)).toBe(false)
        expect(await isEnough(salt, used + defaultValidationLimits.verificationGasSlack, 99)).toBe(true)
      },
    )
  },
)
