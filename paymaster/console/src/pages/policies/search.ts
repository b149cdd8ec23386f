// What the address bar says of one policy: which of its sides is shown, and what it is tried against.
const tabs = ['edit', 'dryRun', 'history'] as const
export type PolicyTab = (typeof tabs)[number]
export type PolicySearch = {
  readonly tab?: PolicyTab | undefined
  /** A past operation, by its row's id. */
  readonly operation?: string | undefined
}

export function policySearch(search: Record<string, unknown>): PolicySearch {
  const tab = tabs.find(one => one === search.tab)
  return {
    ...(tab !== undefined && { tab }),
    ...(typeof search.operation === 'string' && { operation: search.operation }),
  }
}
