// The whole checklist: every clause of ERC-7562 and what ERC-4337 and ERC-7769 ask of a bundler besides.
import { limitRows } from './checklist/limitRows.ts'
import { opcodeRows } from './checklist/opcodeRows.ts'
import { reputationRows } from './checklist/reputationRows.ts'
import { rpcRows } from './checklist/rpcRows.ts'
import { storageRows } from './checklist/storageRows.ts'
import type { Row } from './row.ts'

export const checklist: readonly Row[] = [
  ...opcodeRows,
  ...storageRows,
  ...reputationRows,
  ...limitRows,
  ...rpcRows,
]
