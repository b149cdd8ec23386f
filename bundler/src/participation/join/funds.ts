// What joining costs whom, and waiting until it is there. Coin is sent by a person: the wait has no end but Ctrl-C,
// and what was begun goes on when the command is run again.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, formatEther, type PublicClient } from 'viem'

export type Budget = {
  /** What still has to be staked. */
  readonly stakeWei: bigint
  /** What executors lack. */
  readonly executorsWei: bigint
  /** For the canary's deposit; what it does not use stays in the EntryPoint. */
  readonly canaryWei: bigint
  /** For registering, and some epochs to roll. */
  readonly gasWei: bigint
}

export function totalWei({ stakeWei, executorsWei, canaryWei, gasWei }: Budget): bigint {
  return stakeWei + executorsWei + canaryWei + gasWei
}

export function describeBudget(budget: Budget): string {
  const parts: readonly (readonly [bigint, string])[] = [
    [budget.stakeWei, 'to stake'],
    [budget.executorsWei, 'for executors to send bundles with'],
    [budget.canaryWei, 'for a first operation'],
    [budget.gasWei, 'for gas'],
  ]
  return parts
    .filter(([wei]) => wei > 0n)
    .map(([wei, what]) => `${formatEther(wei)} ${what}`)
    .join(', ')
}

const pollMilliseconds = 2_000

/** Resolves once `address` has so much; `say` hears what is missing whenever that changes. */
export async function untilFunded(options: {
  readonly client: PublicClient
  readonly address: Address
  readonly neededWei: bigint
  readonly say: (line: string) => void
}): Promise<void> {
  const { client, address, neededWei, say } = options
  let told: bigint | undefined
  for (;;) {
    const balanceWei = await client.getBalance({ address })
    const missingWei = neededWei - balanceWei
    if (missingWei <= 0n) return
    if (missingWei !== told) {
      say(
        `send ${formatEther(missingWei)} coins to ${address}: it has ${formatEther(balanceWei)} and needs ${formatEther(neededWei)}`,
      )
      told = missingWei
    }
    await sleep(pollMilliseconds)
  }
}
