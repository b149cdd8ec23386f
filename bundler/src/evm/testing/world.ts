// A small chain in memory, for tests: what an execution changes can be kept for the next.
import type { Address, Hex } from 'viem'
import { type Code, emptyCode } from '../code.ts'
import type { AccountChange } from '../evm.ts'
import type { BlockContext } from '../message.ts'
import type { EvmState } from '../state.ts'

export type WorldAccount = {
  balance: bigint
  nonce: bigint
  code: Code
  storage: Map<Hex, bigint>
}

export type World = EvmState & {
  readonly accounts: ReadonlyMap<Address, WorldAccount>
  put(address: Address, account: Partial<WorldAccount>): void
  apply(changes: ReadonlyMap<Address, AccountChange>): void
}

export const zeroHash: Hex = `0x${'00'.repeat(32)}`

export const testBlock: BlockContext = {
  number: 1_000_000n,
  timestamp: 1_700_000_000n,
  gasLimit: 30_000_000n,
  baseFeePerGas: 7n,
  difficulty: 123_456_789n,
  coinbase: '0x00000000000000000000000000000000c0ffee00',
  chainId: 103n,
  blobBaseFeePerGas: 1n,
}

export function hashOfBlock(number: bigint): Hex {
  return `0x${(number * 0x1234_5678_9abc_def1n).toString(16).padStart(64, '7')}`
}

export function slotKey(number: bigint): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`
}

export function createWorld(): World {
  const accounts = new Map<Address, WorldAccount>()

  function put(address: Address, account: Partial<WorldAccount>): void {
    const before = accounts.get(address)
    accounts.set(address, {
      balance: account.balance ?? before?.balance ?? 0n,
      nonce: account.nonce ?? before?.nonce ?? 0n,
      code: account.code ?? before?.code ?? emptyCode,
      storage: new Map([...(before?.storage ?? []), ...(account.storage ?? [])]),
    })
  }

  return {
    accounts,
    put,
    apply(changes) {
      for (const [address, change] of changes) {
        const { storage, ...rest } = change
        if (change.destroyed) accounts.delete(address)
        else put(address, { ...rest, storage: new Map(storage) })
      }
    },
    balance: address => accounts.get(address)?.balance ?? 0n,
    nonce: address => accounts.get(address)?.nonce ?? 0n,
    code: address => accounts.get(address)?.code ?? emptyCode,
    codeHash(address) {
      const account = accounts.get(address)
      const isEmpty =
        !account || (account.balance === 0n && account.nonce === 0n && account.code.length === 0)
      return isEmpty ? zeroHash : account.code.hash
    },
    storage: (address, slot) => accounts.get(address)?.storage.get(slot) ?? 0n,
    blockHash: hashOfBlock,
  }
}
