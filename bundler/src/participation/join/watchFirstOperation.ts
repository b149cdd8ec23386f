// Waits until the node that is starting beside it serves, sends the canary through it, and says how that went.
import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Hash } from 'viem'
import { type CanaryOptions, sendCanary } from './canary.ts'

const pollMilliseconds = 1_000

type Options = Omit<CanaryOptions, 'salt'> & {
  readonly onLanded: (userOperationHash: Hash) => void
  readonly say: (line: string) => void
}

/** Never throws: the bundler serves on, whatever came of it. */
export async function watchFirstOperation(options: Options): Promise<void> {
  const { bundlerUrl, say } = options
  try {
    await untilServing(bundlerUrl)
    const salt = BigInt(Math.floor(Date.now() / 1_000))
    const { userOperationHash, account, blockNumber } = await sendCanary({ ...options, salt })
    options.onLanded(userOperationHash)
    say(`the first operation ${userOperationHash} landed in block ${blockNumber}: ${account} is deployed`)
    say(`this bundler serves at ${bundlerUrl}; it leads from the epoch in which its stake counts`)
  } catch (error) {
    say(`the first operation did not land: ${reasonOf(error)}`)
    say(`curl ${bundlerUrl}/health tells what is missing; the bundler serves on`)
  }
}

/** Unhealthy will do: it may have no peer yet. Its door opens last. */
async function untilServing(bundlerUrl: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${bundlerUrl}/health`).catch(() => undefined)
    if (answer !== undefined) return
    await sleep(pollMilliseconds)
  }
}
