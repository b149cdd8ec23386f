// For /health: which parts of the daemon act on an earlier block than the chain's last, since when, and what they wait for.
import type { PartBehind } from '../chain/tellParts.ts'
import type { Check } from '../health.ts'

/** What passes within some blocks is worth a look; a part that is left behind lets in, or serves, whom it should not. */
export function partsCheck(behind: readonly PartBehind[]): Check {
  if (behind.length === 0) return { says: 'all take in every block' }
  const says = behind.map(
    ({ name, sinceBlock, blocks, reason }) =>
      `${name} cannot take in block ${sinceBlock} and what follows, ${blocks} by now, and tries again: ${reason}`,
  )
  return { says: says.join('; '), fails: behind.some(({ isLeftBehind }) => isLeftBehind) }
}
