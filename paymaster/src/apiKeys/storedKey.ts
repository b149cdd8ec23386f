// An API key as the service holds it in memory: what its row says, and how much of it is used up.
import { BlockList, isIPv4 } from 'node:net'
import type { Selectable } from 'kysely'
import type { ApiKey, ApiKeyLimits } from '../admin/apiKeys/schema.ts'
import type { ApiKeyTables } from './tables.ts'

export type StoredKey = {
  readonly id: string
  readonly name: string
  readonly use: ApiKey['use']
  readonly role: ApiKey['role']
  readonly limits: ApiKeyLimits
  /** Undefined where it may be used from anywhere. */
  readonly networks: BlockList | undefined
  readonly secretHash: string
  readonly createdAtSeconds: number
  readonly createdBy: string
  readonly expiresAtSeconds: number | null
  readonly revokedAtSeconds: number | null
}

export type KeyUse = {
  lastUsedAtSeconds: number | null
  /** Days since the epoch (UTC), and the calls of that day. */
  day: number
  callsOfDay: number
  /** Not on the disk yet. */
  isNew: boolean
}

const secondsADay = 86_400

export function fromRow(row: Selectable<ApiKeyTables['api_key']>): StoredKey {
  const limits = JSON.parse(row.limits) as ApiKeyLimits
  return {
    id: row.id,
    name: row.name,
    use: row.use,
    role: row.role,
    limits,
    networks: limits.networks === null ? undefined : networkList(limits.networks),
    secretHash: row.secret_hash,
    createdAtSeconds: row.created_at,
    createdBy: row.created_by,
    expiresAtSeconds: row.expires_at,
    revokedAtSeconds: row.revoked_at,
  }
}

export function toWire(key: StoredKey, use: KeyUse, nowSeconds: number): ApiKey {
  const { secretHash: _, networks: __, ...told } = key
  return {
    ...told,
    state: stateOf(key, nowSeconds),
    lastUsedAtSeconds: use.lastUsedAtSeconds,
    callsToday: use.day === dayOf(nowSeconds) ? use.callsOfDay : 0,
  }
}

export function stateOf(
  { revokedAtSeconds, expiresAtSeconds }: StoredKey,
  nowSeconds: number,
): ApiKey['state'] {
  if (revokedAtSeconds !== null) return 'revoked'
  return expiresAtSeconds !== null && expiresAtSeconds <= nowSeconds ? 'expired' : 'active'
}

export function dayOf(seconds: number): number {
  return Math.floor(seconds / secondsADay)
}

function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
