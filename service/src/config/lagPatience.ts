// The setting of both daemons for a node that shows less of the chain than it did.
import type { Patience } from '../chain/shortfall.ts'
import { integer } from './setting.ts'

export const lagPatienceSeconds = integer({
  group: 'Chain',
  describe:
    'for how long a node that shows less of the chain than before is taken for one that lags (/health says so after a third of it); then the blocks above are taken for lost, and what was in them waits again',
  fallback: 30,
  minimum: 0,
  maximum: 86_400,
})

export function patienceOf(seconds: number): Patience {
  return { quietMilliseconds: (seconds * 1_000) / 3, lossMilliseconds: seconds * 1_000 }
}
