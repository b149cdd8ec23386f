// `plan`: says what would be taken, and why; sends nothing and needs no key.
import { needsOfFlags } from './needsOfFlags.ts'
import { networkOf, readClientOf } from './network.ts'
import { showPlan } from './showPlan.ts'
import { type Surroundings, say } from './surroundings.ts'
import { toJson } from './toJson.ts'

export async function planCommand(surroundings: Surroundings): Promise<number> {
  const { flags } = surroundings
  const needs = needsOfFlags(flags)
  const placement = await readClientOf(networkOf(flags)).planRental(needs)
  say(surroundings, flags.json ? toJson(placement) : showPlan(placement, { all: flags.all ?? false }))
  return placement.ok ? 0 : 1
}
