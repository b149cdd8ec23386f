// Somebody who uses the house as it is meant: one operation after the other, each waited for.
import { type Address, type Hash, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import type { Caller } from '../caller.ts'
import type { House, OwnedAccount } from '../house.ts'
import { approvalCall, feesFrom } from '../operation.ts'

export type HonestUser = {
  readonly name: string
  /** The accounts it has used, none of which may be blamed for anything. */
  readonly accounts: readonly Address[]
  /** Makes a new account where the one there is has been used enough. */
  ready(): Promise<void>
  /** Resolves once the bundler has acknowledged an operation; when `ready`. */
  act(): Promise<Hash>
}

type Way = {
  readonly name: string
  /** How often it may use an account before it makes a new one, as new people come. */
  readonly operationsPerAccount: number
  prepare(house: House, account: OwnedAccount): Promise<void>
  readonly payment: (house: House) => { paymaster?: true; paymasterContext?: object }
  calls(house: House, isFirst: boolean): readonly { to: Address; data: `0x${string}`; value: bigint }[]
}

export const honestWays: readonly Way[] = [
  {
    name: 'pays itself',
    operationsPerAccount: 40,
    prepare: ({ faucet }, { account }) => faucet.giveCoins(account.address, parseEther('1')),
    payment: () => ({}),
    calls: house => [approvalCall(house, house.devnet.contracts.instanceLease, 1n)],
  },
  {
    name: 'is sponsored',
    operationsPerAccount: 15,
    prepare: async () => undefined,
    payment: () => ({ paymaster: true }),
    calls: house => [approvalCall(house, house.devnet.contracts.instanceLease, 1n)],
  },
  {
    name: 'pays in the token',
    operationsPerAccount: 40,
    prepare: ({ faucet }, { account }) => faucet.giveTokens(account.address, parseEther('1')),
    payment: ({ devnet }) => ({ paymaster: true, paymasterContext: { token: devnet.contracts.token } }),
    calls: (house, isFirst) => [
      ...(isFirst ? [approvalCall(house, house.devnet.contracts.paymaster, parseEther('1'))] : []),
      approvalCall(house, house.devnet.contracts.instanceLease, 1n),
    ],
  },
]

export function createHonestUser(house: House, way: Way, caller: Caller): HonestUser {
  const accounts: Address[] = []
  let current: OwnedAccount | undefined
  let used = 0

  return {
    name: way.name,
    accounts,
    async ready() {
      if (current !== undefined && used < way.operationsPerAccount) return
      const made = await house.newAccount()
      await way.prepare(house, made)
      accounts.push(made.account.address)
      current = made
      used = 0
    },
    async act() {
      if (current === undefined) throw new Error('Not ready yet')
      const { account } = current
      const bundler = createBundlerClient({
        account,
        client: house.client,
        transport: caller.transport,
        userOperation: { estimateFeesPerGas: () => feesFrom(caller) },
        ...way.payment(house),
      })
      const hash = await bundler.sendUserOperation({ calls: way.calls(house, used === 0) as never })
      used++
      return hash
    },
  }
}
