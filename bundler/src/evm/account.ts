// One account during an execution: what was read of it, and what became of it.
import type { Address, Hex } from 'viem'
import type { Code } from './code.ts'

export type Slot = {
  readonly key: Hex
  /** Before the execution. */
  readonly original: bigint
  value: bigint
}

export class Account {
  readonly address: Address
  /** Undefined until first asked for; so are the next two. */
  balance: bigint | undefined = undefined
  nonce: bigint | undefined = undefined
  code: Code | undefined = undefined
  isChanged = false
  isCodeChanged = false
  isWarm: boolean
  /** By this execution; then its storage was empty. */
  isCreated = false
  isDestroyed = false
  readonly slots = new Map<Hex, Slot>()
  readonly warmSlots = new Set<Hex>()
  readonly transient = new Map<Hex, bigint>()

  constructor(address: Address, isWarm: boolean) {
    this.address = address
    this.isWarm = isWarm
  }
}
