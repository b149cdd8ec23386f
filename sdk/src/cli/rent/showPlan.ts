// Says what a plan takes, why, and why not the others, for a person to read before paying.
import type { OfferNotTaken, Placement, PlacementPlan } from '../../actions/placement/plan.ts'
import { table, tokensOf } from './table.ts'

export function showPlan(placement: Placement, { all }: { readonly all: boolean }): string {
  const rest = all ? eachNotTaken(placement.notTaken) : summaryOf(placement.notTaken)
  const head = placement.ok ? planned(placement.plan) : `${placement.problem}\n${placement.remedy}`
  return rest === '' ? head : `${head}\n\n${rest}`
}

function planned(plan: PlacementPlan): string {
  const { machines } = plan
  const rows = machines.map(
    ({ offerId, region, gpuModel, gpus, provider, pricePerSecondWei, units }, index) => [
      `${index}`,
      `${offerId}`,
      region,
      gpus === 1 ? gpuModel : `${gpus} x ${gpuModel}`,
      `${provider.slice(0, 8)}…${provider.slice(-4)}`,
      tokensOf(pricePerSecondWei * BigInt(units) * 3_600n),
    ],
  )
  const columns = [
    { title: '#', align: 'right' },
    { title: 'offer', align: 'right' },
    { title: 'region' },
    { title: 'machine' },
    { title: 'provider' },
    { title: 'tokens/hour', align: 'right' },
  ] as const
  const reasons = machines.map(({ why }, index) => `  ${index}: ${why}`)
  const providers = new Set(machines.map(({ provider }) => provider)).size
  const regions = new Set(machines.map(({ region }) => region)).size
  return [
    table(columns, rows),
    '',
    `Taken because`,
    ...reasons,
    '',
    `${counted(machines.length, 'machine')} of ${counted(providers, 'provider')} in ${counted(regions, 'region')}: ${tokensOf(plan.pricePerHourWei)} tokens an hour,`,
    `at most ${tokensOf(plan.maximumCostWei)} for ${duration(plan.needs.seconds)}, of a budget of ${tokensOf(plan.budgetWei)}. What is not used comes back; gas comes on top.`,
    plan.isBest
      ? 'No better choice exists among the offers.'
      : 'A good choice; there were too many combinations to try all.',
  ].join('\n')
}

function summaryOf(notTaken: readonly OfferNotTaken[]): string {
  if (notTaken.length === 0) return ''
  const groups = new Map<string, OfferNotTaken[]>()
  for (const offer of notTaken) groups.set(offer.code, [...(groups.get(offer.code) ?? []), offer])
  const lines = [...groups.values()]
    .sort((left, right) => right.length - left.length)
    .map(([first, ...others]) => {
      const more = others.length === 0 ? '' : ` (and ${others.length} more for the like)`
      return `  offer ${first?.offerId}: ${first?.why}${more}`
    })
  return ['Not taken (--all says it of each)', ...lines].join('\n')
}

function eachNotTaken(notTaken: readonly OfferNotTaken[]): string {
  if (notTaken.length === 0) return ''
  return ['Not taken', ...notTaken.map(({ offerId, why }) => `  offer ${offerId}: ${why}`)].join('\n')
}

export function duration(seconds: number): string {
  if (seconds % 3_600 === 0) return seconds === 3_600 ? '1 hour' : `${seconds / 3_600} hours`
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
