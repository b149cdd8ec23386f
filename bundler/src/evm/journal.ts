// The chain's state as the execution has changed it so far, and how to take changes back: each leaves behind
// how to undo it, and a failing frame undoes all that came after it began.
import type { Address, Hex } from 'viem'
import { Account, type Slot } from './account.ts'
import { type Code, emptyCode } from './code.ts'
import type { ExecutionLog } from './evm.ts'
import type { EvmState } from './state.ts'

export const zeroWord: Hex = `0x${'00'.repeat(32)}`
const emptyCodeHash = emptyCode.hash

export class Journal {
  readonly accounts = new Map<Address, Account>()
  readonly logs: ExecutionLog[] = []
  /** EIP-3529 */
  gasRefund = 0
  readonly #state: EvmState
  readonly #isPrecompile: (address: Address) => boolean
  readonly #undo: (() => void)[] = []

  constructor(state: EvmState, isPrecompile: (address: Address) => boolean) {
    this.#state = state
    this.#isPrecompile = isPrecompile
  }

  get snapshot(): number {
    return this.#undo.length
  }

  revertTo(snapshot: number): void {
    while (this.#undo.length > snapshot) this.#undo.pop()?.()
  }

  account(address: Address): Account {
    const known = this.accounts.get(address)
    if (known !== undefined) return known
    const account = new Account(address, this.#isPrecompile(address))
    this.accounts.set(address, account)
    return account
  }

  balance(account: Account): bigint {
    account.balance ??= this.#state.balance(account.address)
    return account.balance
  }

  nonce(account: Account): bigint {
    account.nonce ??= this.#state.nonce(account.address)
    return account.nonce
  }

  code(account: Account): Code {
    account.code ??= this.#state.code(account.address)
    return account.code
  }

  /** EIP-161 */
  isEmpty(account: Account): boolean {
    return this.balance(account) === 0n && this.nonce(account) === 0n && this.code(account).length === 0
  }

  /** EIP-1052. The view is asked first, for it need not hash. */
  codeHash(account: Account): Hex {
    if (account.isCodeChanged) return this.code(account).hash
    const hash = this.#state.codeHash(account.address)
    if (hash !== zeroWord && hash !== emptyCodeHash) return hash
    if (!account.isChanged) return hash
    return this.isEmpty(account) ? zeroWord : emptyCodeHash
  }

  blockHash(number: bigint): Hex {
    return this.#state.blockHash(number)
  }

  setBalance(account: Account, balance: bigint): void {
    const before = this.balance(account)
    if (balance === before) return
    this.#undo.push(() => {
      account.balance = before
    })
    account.balance = balance
    account.isChanged = true
  }

  transfer(from: Account, to: Account, valueWei: bigint): void {
    if (valueWei === 0n) return
    this.setBalance(from, this.balance(from) - valueWei)
    this.setBalance(to, this.balance(to) + valueWei)
  }

  setNonce(account: Account, nonce: bigint): void {
    const before = this.nonce(account)
    this.#undo.push(() => {
      account.nonce = before
    })
    account.nonce = nonce
    account.isChanged = true
  }

  setCode(account: Account, code: Code): void {
    const before = this.code(account)
    const { isCodeChanged } = account
    this.#undo.push(() => {
      account.code = before
      account.isCodeChanged = isCodeChanged
    })
    account.code = code
    account.isCodeChanged = true
    account.isChanged = true
  }

  markCreated(account: Account): void {
    this.#undo.push(() => {
      account.isCreated = false
    })
    account.isCreated = true
  }

  markDestroyed(account: Account): void {
    if (account.isDestroyed) return
    this.#undo.push(() => {
      account.isDestroyed = false
    })
    account.isDestroyed = true
  }

  slot(account: Account, key: Hex): Slot {
    const known = account.slots.get(key)
    if (known !== undefined) return known
    const value = account.isCreated ? 0n : this.#state.storage(account.address, key)
    const slot = { key, original: value, value }
    account.slots.set(key, slot)
    return slot
  }

  setSlot(account: Account, slot: Slot, value: bigint): void {
    const before = slot.value
    this.#undo.push(() => {
      slot.value = before
    })
    slot.value = value
    account.isChanged = true
  }

  transient(account: Account, key: Hex): bigint {
    return account.transient.get(key) ?? 0n
  }

  setTransient(account: Account, key: Hex, value: bigint): void {
    const before = this.transient(account, key)
    this.#undo.push(() => account.transient.set(key, before))
    account.transient.set(key, value)
  }

  /** Whether it was warm already. EIP-2929 */
  warm(account: Account): boolean {
    if (account.isWarm) return true
    this.#undo.push(() => {
      account.isWarm = false
    })
    account.isWarm = true
    return false
  }

  warmSlot(account: Account, key: Hex): boolean {
    if (account.warmSlots.has(key)) return true
    this.#undo.push(() => account.warmSlots.delete(key))
    account.warmSlots.add(key)
    return false
  }

  addRefund(gas: number): void {
    if (gas === 0) return
    this.#undo.push(() => {
      this.gasRefund -= gas
    })
    this.gasRefund += gas
  }

  addLog(log: ExecutionLog): void {
    this.#undo.push(() => this.logs.pop())
    this.logs.push(log)
  }
}
