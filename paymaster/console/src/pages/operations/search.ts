// What the address bar says of the explorer: its filter, so that a view can be kept and sent. What it does not know,
// it drops; whether a value means something, the service judges.
export const filterNames = [
  'search',
  'outcome',
  'state',
  'mode',
  'reason',
  'policyId',
  'apiKeyId',
  'sender',
  'fromSeconds',
  'untilSeconds',
] as const
export type FilterName = (typeof filterNames)[number]
export type OperationsSearch = { readonly [Name in FilterName]?: string }

export function operationsSearch(search: Record<string, unknown>): OperationsSearch {
  const known = filterNames.flatMap(name => {
    const value = search[name]
    return value === undefined || value === '' ? [] : [[name, String(value)]]
  })
  return Object.fromEntries(known)
}
