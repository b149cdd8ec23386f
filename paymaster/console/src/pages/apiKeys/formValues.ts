// The form of a key and the request that it becomes.
import type { ApiKey, ApiKeyLimits, NewApiKey } from '../../../../src/admin/apiKeys/schema.ts'

export type KeyFormValues = {
  readonly name: string
  readonly use: NewApiKey['use']
  readonly role: NonNullable<NewApiKey['role']>
  readonly origins: readonly string[]
  readonly networks: readonly string[]
  readonly methods: readonly string[]
  readonly policyIds: readonly string[]
  /** Empty for no limit. */
  readonly callsPerSecond: number | string
  readonly callsPerDay: number | string
  /** A day, `2026-12-31`, or empty. */
  readonly expiresOn: string
}

export function formOf(key: ApiKey | undefined): KeyFormValues {
  const limits = key?.limits
  return {
    name: key?.name ?? '',
    use: key?.use ?? 'rpc',
    role: key?.role ?? 'viewer',
    origins: limits?.origins ?? [],
    networks: limits?.networks ?? [],
    methods: limits?.methods ?? [],
    policyIds: limits?.policyIds ?? [],
    callsPerSecond: limits?.callsPerSecond ?? '',
    callsPerDay: limits?.callsPerDay ?? '',
    expiresOn: key?.expiresAtSeconds ? new Date(key.expiresAtSeconds * 1000).toISOString().slice(0, 10) : '',
  }
}

export function requestOf(values: KeyFormValues): NewApiKey {
  const isForCalls = values.use === 'rpc'
  return {
    name: values.name,
    use: values.use,
    role: isForCalls ? null : values.role,
    limits: limitsOf(values, isForCalls),
    // To the end of the day that is named.
    expiresAtSeconds: values.expiresOn === '' ? null : Date.parse(`${values.expiresOn}T23:59:59Z`) / 1000,
  }
}

function limitsOf(values: KeyFormValues, isForCalls: boolean): ApiKeyLimits {
  return {
    origins: someOf(values.origins),
    networks: someOf(values.networks),
    methods: isForCalls ? someOf(values.methods) : null,
    policyIds: isForCalls ? someOf(values.policyIds) : null,
    callsPerSecond: values.callsPerSecond === '' ? null : Number(values.callsPerSecond),
    callsPerDay: values.callsPerDay === '' ? null : Number(values.callsPerDay),
  }
}

function someOf(list: readonly string[]): string[] | null {
  return list.length === 0 ? null : [...list]
}
