// Reputations as the official suite writes and reads them: hex counters, and the status as a number.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, getAddress, type Hex, numberToHex } from 'viem'
import type { ReputationStatus } from '../../reputation/counters.ts'
import type { ReputationEntry } from '../../reputation/entityReputation.ts'
import { invalid, parseAddress } from '../parseUserOperation.ts'

type WireReputation = {
  readonly address: Address
  readonly opsSeen: Hex
  readonly opsIncluded: Hex
  readonly status: Hex
}

const statusNumbers: Readonly<Record<ReputationStatus, number>> = { ok: 0, throttled: 1, banned: 2 }

export function wireReputation({
  address,
  opsSeen,
  opsIncluded,
  status,
}: ReputationEntry & { readonly status: ReputationStatus }): WireReputation {
  return {
    address: getAddress(address),
    opsSeen: numberToHex(opsSeen),
    opsIncluded: numberToHex(opsIncluded),
    status: numberToHex(statusNumbers[status]),
  }
}

export function parseReputations(value: unknown): Result<readonly ReputationEntry[]> {
  if (!Array.isArray(value))
    return invalid('reputations', 'must be an array', 'of {address, opsSeen, opsIncluded}')
  const entries: ReputationEntry[] = []
  for (const given of value) {
    const address = parseAddress(given?.address)
    const opsSeen = parseCount(given?.opsSeen)
    const opsIncluded = parseCount(given?.opsIncluded)
    if (address === undefined || opsSeen === undefined || opsIncluded === undefined) {
      return invalid('reputations', 'holds a malformed entry', 'give address, opsSeen and opsIncluded in hex')
    }
    entries.push({ address, opsSeen, opsIncluded })
  }
  return accept(entries)
}

function parseCount(value: unknown): number | undefined {
  const isCount =
    typeof value === 'number' || (typeof value === 'string' && /^(0x[0-9a-fA-F]{1,8}|\d{1,9})$/.test(value))
  const count = isCount ? Number(value) : Number.NaN
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined
}
