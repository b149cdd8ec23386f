// Can the node do what a bundler needs? Said at the start rather than at the first operation.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import type { Address } from 'viem'

/** Throws with what is missing and how to mend it. */
export async function checkNode({ client, chainId }: Node, entryPoint: Address): Promise<void> {
  const code = await client.getCode({ address: entryPoint })
  if (code === undefined) {
    throw new Error(
      `there is no EntryPoint at ${entryPoint} on chain ${chainId}: deploy it (npm run deploy), or give another by --entry-point`,
    )
  }
}
