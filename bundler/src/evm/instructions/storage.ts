// SLOAD, SSTORE and their transient kin. EIP-2929, EIP-2200, EIP-3529, EIP-1153
import type { ExecutionFrame } from '../frame.ts'
import { coldSlotGas, stipendGas, warmGas } from '../gas.ts'
import type { Machine } from '../machine.ts'
import { limbs, readBigint, readHex, writeBigint } from '../words.ts'

const setGas = 20_000
const resetGas = 5000 - coldSlotGas
/** SSTORE_RESET + ACCESS_LIST_STORAGE_KEY. EIP-3529 */
const clearRefund = 4800

export function loadStorage(frame: ExecutionFrame, { journal }: Machine): void {
  const { words, wide, top } = frame
  const account = journal.account(frame.address)
  const key = readHex(words, top)
  if (!frame.charge(journal.warmSlot(account, key) ? warmGas : coldSlotGas)) return
  writeBigint(wide, top, journal.slot(account, key).value)
}

export function storeStorage(frame: ExecutionFrame, { journal }: Machine): void {
  const { words, wide, top } = frame
  // So that a stipend never suffices. EIP-2200
  if (frame.gasLeft <= stipendGas) {
    frame.fail('out of gas')
    return
  }
  const account = journal.account(frame.address)
  const key = readHex(words, top)
  const next = readBigint(wide, top - limbs)
  const access = journal.warmSlot(account, key) ? 0 : coldSlotGas
  const slot = journal.slot(account, key)
  if (!frame.charge(access + storeGas(slot.original, slot.value, next)) || !frame.mayWrite()) return
  frame.top = top - 2 * limbs
  if (slot.value === next) return
  journal.addRefund(storeRefund(slot.original, slot.value, next))
  journal.setSlot(account, slot, next)
}

function storeGas(original: bigint, current: bigint, next: bigint): number {
  if (current === next || current !== original) return warmGas
  return original === 0n ? setGas : resetGas
}

function storeRefund(original: bigint, current: bigint, next: bigint): number {
  if (current === original) return original !== 0n && next === 0n ? clearRefund : 0
  let refund = 0
  if (original !== 0n) {
    if (current === 0n) refund -= clearRefund
    else if (next === 0n) refund += clearRefund
  }
  if (next === original) refund += (original === 0n ? setGas : resetGas) - warmGas
  return refund
}

export function loadTransient(frame: ExecutionFrame, { journal }: Machine): void {
  const key = readHex(frame.words, frame.top)
  writeBigint(frame.wide, frame.top, journal.transient(journal.account(frame.address), key))
}

export function storeTransient(frame: ExecutionFrame, { journal }: Machine): void {
  if (!frame.mayWrite()) return
  const { words, wide, top } = frame
  frame.top = top - 2 * limbs
  const account = journal.account(frame.address)
  journal.setTransient(account, readHex(words, top), readBigint(wide, top - limbs))
}
