// What the address bar says of the explorer: its filter and the row that is open, so that a view can be kept and sent.
// What it does not know, it drops; whether a value means something, the service judges.

const filterNames = [
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
type FilterName = (typeof filterNames)[number]

export type OperationsFilter = { readonly [Name in FilterName]?: string | undefined }
export type OperationsSearch = OperationsFilter & { readonly open?: string | undefined }

export function operationsSearch(search: Record<string, unknown>): OperationsSearch {
  return pick(search, [...filterNames, 'open'])
}

/** Without what is open: the list does not change by it. */
export function filterOf(search: OperationsSearch): OperationsFilter {
  return pick(search, filterNames)
}

function pick(search: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, string> {
  const known = names.flatMap(name => {
    const value = search[name]
    return value === undefined || value === '' ? [] : [[name, String(value)] as const]
  })
  return Object.fromEntries(known)
}
