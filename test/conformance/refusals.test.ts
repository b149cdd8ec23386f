// What may not enter the mempool, and what the sender is told: ERC-7769's codes, ERC-7562's clauses.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hex, numberToHex, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { ask, errorOf, type RpcError, resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities } from '../support/testEntities.ts'
import { paidBy, type WireOperation, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let bundler: Daemon
let entities: TestEntities
let honest: Address
const misfits = new Map<string, Address>()

const misfitContracts = [
  'ReadsTimestamp',
  'ReadsGasLeft',
  'CreatesContract',
  'ReadsOwnBalance',
  'HidesOutOfGas',
  'WritesForeignStorage',
  'ReadsForeignStorage',
  'CallsWithValue',
  'CallsNobody',
  'AsksEntryPoint',
  'RevertsInValidation',
  'RefusesSignature',
  'Expired',
  'NotYetValid',
] as const
const misfit = (contract: (typeof misfitContracts)[number]): Address => {
  const address = misfits.get(contract)
  if (address === undefined) throw new Error(`${contract} was not deployed`)
  return address
}

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  honest = await entities.account('HonestAccount')
  for (const contract of misfitContracts) misfits.set(contract, await entities.account(contract))
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const refusalOf = (operation: WireOperation): Promise<RpcError> =>
  errorOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)

describe('-32502: an account that breaks a rule of ERC-7562', () => {
  it('takes the same account when it breaks none', async () => {
    const answer = await ask(bundler.url, 'eth_sendUserOperation', wireOperation(honest), entryPoint07Address)
    expect(answer.error).toBeUndefined()
  })

  it.each([
    ['ReadsTimestamp', 'OP-011', { opcode: 'TIMESTAMP' }],
    ['ReadsGasLeft', 'OP-012', { opcode: 'GAS' }],
    ['CreatesContract', 'OP-011', { opcode: 'CREATE' }],
    ['ReadsOwnBalance', 'OP-080', { opcode: 'SELFBALANCE' }],
    ['HidesOutOfGas', 'OP-020', {}],
    ['CallsWithValue', 'OP-061', { opcode: 'CALL' }],
    ['CallsNobody', 'OP-041', {}],
    ['AsksEntryPoint', 'OP-054', {}],
  ] as const)('%s is refused by %s', async (contract, rule, found) => {
    const account = misfit(contract)
    const error = await refusalOf(wireOperation(account))
    expect(error).toMatchObject({ code: -32502, data: { rule, entity: 'account', ...found } })
    expect(String(error.data?.address).toLowerCase()).toBe(account.toLowerCase())
    expect(error.message).toContain('account')
  })

  it.each(['WritesForeignStorage', 'ReadsForeignStorage'] as const)(
    '%s is refused with the slot and whose it is',
    async contract => {
      const error = await refusalOf(wireOperation(misfit(contract)))
      expect(error).toMatchObject({
        code: -32502,
        data: { entity: 'account', slot: numberToHex(0n, { size: 32 }) },
      })
      expect(error.data?.rule).toMatch(/^STO-/)
      expect(String(error.data?.contract).toLowerCase()).toBe(entities.stranger.toLowerCase())
    },
  )
})

describe('-32500: what the EntryPoint itself would refuse', () => {
  it('gives the AA text and the reason when validateUserOp reverts', async () => {
    const error = await refusalOf(wireOperation(misfit('RevertsInValidation')))
    expect(error).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA23/) })
    expect(error.message).toContain('not today')
  })

  it('AA20: nobody is there, and no factory comes along', async () => {
    const error = await refusalOf(wireOperation(`0x${'12'.repeat(20)}`))
    expect(error).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA20/) })
  })

  it('AA10: a factory for an account that exists', async () => {
    const { simpleAccountFactory: factory } = chain.deployment.contracts
    const error = await refusalOf(wireOperation(honest, { factory, factoryData: '0x' }))
    expect(error).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA10/) })
  })

  it('AA25: a nonce that is not the next', async () => {
    const error = await refusalOf(wireOperation(honest, { nonce: '0x100000000000000005' }))
    expect(error).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA25/) })
  })

  it('AA25: a nonce whose predecessor still waits here, which is named instead of sending its sender in a circle', async () => {
    const first = wireOperation(honest, { nonce: '0x70000000000000000' })
    await chain.whilePaused(async () => {
      const waiting = await resultOf(bundler.url, 'eth_sendUserOperation', first, entryPoint07Address)
      const error = await refusalOf(wireOperation(honest, { nonce: '0x70000000000000001' }))
      expect(error).toMatchObject({
        code: -32500,
        message: expect.stringMatching(/^AA25 .* waits to land before this one$/),
        data: {
          waitingOperation: waiting,
          hint: expect.stringContaining('send this one when that has landed'),
        },
      })
    })
  })

  it('AA21: an account that cannot pay', async () => {
    const poor = await entities.account('HonestAccount')
    // 8,000 gwei for 600,000 gas is more than the deposit and the coin it was given.
    const fees = { maxFeePerGas: numberToHex(8_000_000_000_000n) }
    const error = await refusalOf(wireOperation(poor, fees))
    expect(error).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA21/) })
  })
})

describe('the other codes of ERC-7769', () => {
  it('-32507: a signature that the account does not know', async () => {
    const error = await refusalOf(wireOperation(misfit('RefusesSignature')))
    expect(error).toMatchObject({ code: -32507, message: expect.stringContaining('AA24') })
  })

  it('-32507: a signature that the paymaster does not know', async () => {
    const paymaster = await entities.paymaster('ForgetfulPaymaster', 10n ** 18n)
    const error = await refusalOf(wireOperation(honest, paidBy(paymaster)))
    expect(error).toMatchObject({ code: -32507, message: expect.stringContaining('AA34') })
  })

  it('-32503: an operation whose time is over', async () => {
    const error = await refusalOf(wireOperation(misfit('Expired')))
    expect(error).toMatchObject({ code: -32503, data: { validUntil: 1000, validAfter: 0 } })
  })

  it('-32503: an operation whose time has not come', async () => {
    const error = await refusalOf(wireOperation(misfit('NotYetValid')))
    expect(error).toMatchObject({ code: -32503, data: { validAfter: 0xffffffff } })
  })

  it('-32501: a paymaster that refuses, with its reason', async () => {
    const paymaster = await entities.paymaster('RefusingPaymaster', 10n ** 18n)
    const error = await refusalOf(wireOperation(honest, paidBy(paymaster)))
    expect(error).toMatchObject({
      code: -32501,
      message: expect.stringMatching(/^AA33/),
      data: { paymaster },
    })
    // NotACustomer(address): the data names it though no ABI is known.
    expect(String(error.data?.revertData)).toContain(toFunctionSelector('NotACustomer(address)'))
  })

  it('-32508: a paymaster whose deposit covers one operation, but not two at once', async () => {
    const operation = (sender: Address) => wireOperation(sender, paidBy(paymaster))
    // 800,000 gas at 20 gwei may cost 0.016.
    const paymaster = await entities.paymaster('GenerousPaymaster', 20_000_000_000_000_000n)
    const other = await entities.account('HonestAccount')
    await chain.whilePaused(async () => {
      await resultOf(bundler.url, 'eth_sendUserOperation', operation(honest), entryPoint07Address)
      const error = await refusalOf(operation(other))
      expect(error).toMatchObject({ code: -32508, data: { paymaster } })
    })
  })

  it('-32504: more operations of one unstaked sender than may wait at once', async () => {
    const busy = await entities.account('HonestAccount')
    await chain.whilePaused(async () => {
      for (let sent = 0; sent < 4; sent++) {
        await resultOf(bundler.url, 'eth_sendUserOperation', wireOperation(busy), entryPoint07Address)
      }
      const error = await refusalOf(wireOperation(busy))
      expect(error).toMatchObject({ code: -32504, data: { rule: 'UREP-010' } })
    })
  })

  it('names the operation that has the nonce, and where it is, when another asks for the same', async () => {
    const account = await entities.account('HonestAccount')
    await chain.whilePaused(async () => {
      const first = wireOperation(account)
      const hash = await resultOf<Hex>(bundler.url, 'eth_sendUserOperation', first, entryPoint07Address)
      await eventually(
        'the operation being in a bundle',
        () => resultOf<{ status: string }>(bundler.url, 'pimlico_getUserOperationStatus', hash),
        ({ status }) => status === 'submitted',
      )
      const error = await refusalOf({ ...first, callData: '0x12345678' })
      expect(error.code).toBeLessThanOrEqual(-32500)
      expect(error.message).toContain(hash)
    })
  })
})
