// In which of the mempools that this node serves an operation is. ERC-7562 [ALT-010]
import type { ServedMempool } from './mempoolIds.ts'

/** The canonical mempool where it is valid there, else every alternative one that it is part of. */
export function mempoolIdsOf(
  mempools: readonly Pick<ServedMempool, 'id' | 'name'>[],
  { mempools: names }: { readonly mempools?: readonly string[] | undefined },
): string[] {
  return mempools
    .filter(({ name }) =>
      names === undefined ? name === undefined : name !== undefined && names.includes(name),
    )
    .map(({ id }) => id)
}
