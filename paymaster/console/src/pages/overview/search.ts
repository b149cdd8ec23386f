// What the address bar says of the overview.
import type { OverviewRange } from '../../../../src/admin/overview/schema.ts'

const ranges: readonly OverviewRange[] = ['24h', '7d', '30d']

export function overviewSearch(search: Record<string, unknown>): { readonly range?: OverviewRange } {
  const range = ranges.find(one => one === search.range)
  return range === undefined ? {} : { range }
}
