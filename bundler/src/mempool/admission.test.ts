import type { Address, SignedAuthorization } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { landingOf, openTestMempool, operationOf, type TestMempool } from '../testing/openMempool.ts'
import { numberedAddress, sponsoredBy, stakeOf, validatedOperation } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
const authorizationOf = (address: Address): SignedAuthorization => ({
  address,
  chainId: 103,
  nonce: 0,
  r: '0x0a',
  s: '0x0b',
  yParity: 0,
})
const paymaster = numberedAddress(900)
const factory = numberedAddress(901)
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

describe('limits', () => {
  const lanes = (count: number, from = 0) =>
    Array.from({ length: count }, (_, key) => operationOf(1, { nonce: BigInt(key + from) << 64n }))

  it('keeps an unstaked sender to four operations [UREP-010]', async () => {
    await pool.accepted(...lanes(4))
    expect(await pool.refused(lanes(1, 4)[0] as ValidatedOperation)).toMatchObject({
      code: -32504,
      data: { rule: 'UREP-010', sender: numberedAddress(1) },
    })
  })

  it('lets one operation deploy an account, in whatever lane, and tells the second to wait', async () => {
    const deploying = (nonce: bigint, fields = {}) =>
      operationOf(1, { factory, factoryData: '0x01', nonce, ...fields })
    const first = deploying(0n)
    await pool.accepted(first)
    expect(await pool.refused(deploying(1n << 64n))).toMatchObject({
      code: -32500,
      message: expect.stringMatching(/^AA10 .*once that one has landed$/),
      data: { deploys: first.userOperationHash },
    })
    const dearer = { maxFeePerGas: 6n * gwei, maxPriorityFeePerGas: 2n * gwei }
    await pool.accepted(deploying(0n, dearer))
    await pool.landed([landingOf(deploying(0n, dearer))])
    await pool.accepted(operationOf(1, { nonce: 1n << 64n }))
  })

  it('lets any number bring the factory where the EntryPoint ignores a needless one', async () => {
    await pool.restart({ oneDeploymentPerSender: false })
    const deploying = (lane: bigint) => operationOf(1, { factory, factoryData: '0x01', nonce: lane << 64n })
    await pool.accepted(deploying(0n), deploying(1n), deploying(2n))
  })

  it('lets a staked sender have more', async () => {
    const staked = { entities: { sender: stakeOf(numberedAddress(1), true) } }
    await pool.accepted(...lanes(6).map(one => ({ ...one, ...staked })))
  })

  it('keeps an unstaked paymaster to ten operations, and more as it proves good [UREP-020]', async () => {
    const sponsored = (account: number) => operationOf(account, sponsoredBy(paymaster))
    await pool.accepted(...Array.from({ length: 10 }, (_, index) => sponsored(index)))
    expect(await pool.refused(sponsored(10))).toMatchObject({
      code: -32504,
      data: { rule: 'UREP-020', paymaster },
    })
    pool.reputation.set([{ address: paymaster, opsSeen: 400, opsIncluded: 47 }])
    await pool.accepted(...Array.from({ length: 5 }, (_, index) => sponsored(20 + index)))
    expect(await pool.refused(sponsored(30))).toMatchObject({ data: { rule: 'UREP-020' } })
  })

  it('does not count the operations of a staked paymaster [SREP-040]', async () => {
    for (let account = 0; account < 15; account++) {
      const one = operationOf(account, sponsoredBy(paymaster))
      await pool.accepted({ ...one, entities: { ...one.entities, paymaster: stakeOf(paymaster, true) } })
    }
  })

  it.each([
    ['sender', numberedAddress(1), {}],
    ['paymaster', paymaster, sponsoredBy(paymaster)],
    ['factory', factory, { factory, factoryData: '0x' }],
  ] as const)('refuses a banned %s [GREP-010]', async (role, address, fields) => {
    pool.reputation.set([{ address, opsSeen: 10_000, opsIncluded: 0 }])
    expect(await pool.refused(operationOf(1, fields))).toMatchObject({
      code: -32504,
      data: { [role]: address },
    })
  })

  it('keeps a throttled entity to four operations [GREP-020]', async () => {
    pool.reputation.set([{ address: paymaster, opsSeen: 200, opsIncluded: 0 }])
    await pool.accepted(...[1, 2, 3, 4].map(account => operationOf(account, sponsoredBy(paymaster))))
    expect(await pool.refused(operationOf(5, sponsoredBy(paymaster)))).toMatchObject({
      code: -32504,
      data: { rule: 'GREP-020', paymaster },
    })
  })

  it('keeps an entity from being the sender of another operation [STO-040]', async () => {
    await pool.accepted(operationOf(1), operationOf(2, sponsoredBy(paymaster)))
    expect(await pool.refused(operationOf(3, sponsoredBy(numberedAddress(1))))).toMatchObject({
      code: -32502,
      message: expect.stringContaining(
        'is used as a sender entity in another UserOperation currently in mempool',
      ),
      data: { rule: 'STO-040', entity: 'paymaster', address: numberedAddress(1) },
    })
    expect(await pool.refused(validatedOperation({ sender: paymaster }))).toMatchObject({
      code: -32502,
      message: expect.stringContaining('is used as a different entity in another UserOperation currently'),
      data: { rule: 'STO-040', entity: 'account', address: paymaster },
    })
  })

  it('forgets an entity that second validation does not find any more [STO-040]', async () => {
    const deploying = operationOf(1, { factory, factoryData: '0x01' })
    const inItsPlace = validatedOperation({ sender: factory })
    await pool.accepted(deploying)
    expect(await pool.refused(inItsPlace)).toMatchObject({ data: { rule: 'STO-040' } })
    pool.mempool.refresh({ ...deploying, entities: { sender: deploying.entities.sender } })
    await pool.accepted(inItsPlace)
  })

  it('takes what touches another’s sender, which then rides apart: a sender cannot shut its holders out [STO-041]', async () => {
    await pool.accepted(operationOf(1))
    const storage = { [numberedAddress(1)]: { reads: [], writes: ['0x07'] as const } }
    await pool.accepted(operationOf(2, {}, { storage }))
  })

  it('keeps a sender to one delegate among its authorizations [AUTH-040]', async () => {
    const authorizing = (delegate: number, nonce: bigint) =>
      operationOf(1, { nonce, authorization: authorizationOf(numberedAddress(delegate)) })
    await pool.accepted(authorizing(800, 0n), authorizing(800, 1n), operationOf(1, { nonce: 2n }))
    expect(await pool.refused(authorizing(801, 3n))).toMatchObject({
      code: -32502,
      message: expect.stringContaining(numberedAddress(800)),
      data: { rule: 'AUTH-040', sender: numberedAddress(1) },
    })
    await pool.accepted(authorizing(800, 3n))
  })

  it('lets a replacement bring another delegate, where it replaces the only one', async () => {
    const first = { authorization: authorizationOf(numberedAddress(800)) }
    const dearer = { maxFeePerGas: 9n * gwei, maxPriorityFeePerGas: 3n * gwei }
    await pool.accepted(operationOf(1, first))
    await pool.accepted(operationOf(1, { ...dearer, authorization: authorizationOf(numberedAddress(801)) }))
  })

  it('asks that a paymaster’s deposit cover all its operations [EREP-010]', async () => {
    const first = operationOf(1, sponsoredBy(paymaster))
    pool.depositWei = first.prefundWei * 2n
    await pool.accepted(first, operationOf(2, sponsoredBy(paymaster)))
    expect(await pool.refused(operationOf(3, sponsoredBy(paymaster)))).toMatchObject({
      code: -32508,
      data: {
        paymaster,
        depositWei: pool.depositWei.toString(),
        neededWei: (first.prefundWei * 3n).toString(),
      },
    })
    await pool.landed([landingOf(first)])
    await pool.accepted(operationOf(3, sponsoredBy(paymaster)))
  })

  it('keeps a throttled alternative mempool to four operations, unless another takes them [AREP-020]', async () => {
    const clocks = { mempools: ['clocks'] }
    for (let count = 0; count < 110; count++) pool.reputation.within(['clocks']).seen([factory])
    await pool.accepted(...[1, 2, 3, 4].map(account => operationOf(account, {}, clocks)))
    expect(await pool.refused(operationOf(5, {}, clocks))).toMatchObject({
      code: -32504,
      data: { rule: 'AREP-020', mempools: ['clocks'] },
    })
    await pool.accepted(operationOf(5, {}, { mempools: ['clocks', 'others'] }), operationOf(6))
  })

  it('does not count the prefund of the operation that is replaced', async () => {
    const cheap = operationOf(1, sponsoredBy(paymaster))
    const dear = operationOf(1, {
      ...sponsoredBy(paymaster),
      maxFeePerGas: 4n * gwei,
      maxPriorityFeePerGas: 2n * gwei,
    })
    pool.depositWei = dear.prefundWei
    await pool.accepted(cheap, dear)
  })

  it('takes nonces of a lane in sequence only', async () => {
    await pool.accepted(operationOf(1, { nonce: 7n }), operationOf(1, { nonce: 8n }))
    expect(await pool.refused(operationOf(1, { nonce: 10n }))).toMatchObject({ data: { expectedNonce: '9' } })
    await pool.accepted(operationOf(1, { nonce: 1n << 64n }))
  })

  it('holds the limits when many come at once', async () => {
    const answers = await Promise.all(lanes(12).map(one => pool.mempool.add(one)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(4)
    expect(pool.mempool.size().pending).toBe(4)
  })
})
