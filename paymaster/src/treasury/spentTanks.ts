// Finds the tanks whose spending is worth collecting: it pays for the transaction that turns it into revenue.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address, PublicClient } from 'viem'

/** One transaction collects from no more, so that it fits any block. */
const mostAtOnce = 200
/** A tank's own write and event, and its share of the transaction. */
const gasPerTank = 15_000n

export async function findSpentTanks(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly senders: readonly Address[]
}): Promise<readonly Address[]> {
  const { client, paymaster, senders } = options
  if (senders.length === 0) return []
  const gasPriceWei = await client.getGasPrice()
  const spent = await readSpent(client, paymaster, senders)
  return spent
    .filter(({ spentWei }) => spentWei > gasPerTank * gasPriceWei)
    .slice(0, mostAtOnce)
    .map(({ account }) => account)
}

/** What these have spent and nobody has collected. */
export async function readSpentWei(
  client: PublicClient,
  paymaster: Address,
  senders: readonly Address[],
): Promise<bigint> {
  const spent = await readSpent(client, paymaster, senders)
  return spent.reduce((sum, { spentWei }) => sum + spentWei, 0n)
}

async function readSpent(client: PublicClient, paymaster: Address, senders: readonly Address[]) {
  return await Promise.all(
    senders.map(async account => ({
      account,
      spentWei: await client.readContract({
        address: paymaster,
        abi: computePaymasterAbi,
        functionName: 'tankSpentOf',
        args: [account],
      }),
    })),
  )
}
