// Where the node does the work: some dozens of ordinary questions at once, each of which takes as long as its answer.
import type { Workplace } from './turns.ts'

export const nodeWorkplace: Workplace = {
  count: 1,
  placeOf: () => 0,
  windowMilliseconds: 2_000,
  spentOn: () => undefined,
}
