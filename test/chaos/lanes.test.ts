// Operations that follow each other, on a chain that takes its last block back every now and then, behind nodes of
// which one is a block behind: none is dropped, all land once, and nobody is banned.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hash } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { expect, it } from 'vitest'
import { signOperation } from '../../scripts/bench/operations.ts'
import { chaosStage } from '../support/chaosStage.ts'
import { type CrowdOperation, crowdGas } from '../support/crowd.ts'
import { eventually } from '../support/eventually.ts'
import { startNodeProxy, unreliableNodes } from '../support/nodeProxy.ts'
import { seededRandom } from '../support/random.ts'
import { hashOf } from '../support/wireOperation.ts'

const random = seededRandom()
const stage = chaosStage({ accounts: 12 })
const key = 77n

/** The `nonce`-th of every account. */
async function nextOfEach(nonce: bigint): Promise<readonly CrowdOperation[]> {
  return await Promise.all(
    stage.crowd.accounts.map(async account => {
      const signed = await signOperation({
        lane: { account, key, nonce: (key << 64n) | nonce },
        gas: crowdGas,
        chainId: 103,
        entryPoint: stage.chain.deployment.entryPoint,
      })
      const wire = formatUserOperationRequest(signed)
      return { hash: hashOf(wire), wire }
    }),
  )
}

async function mineUntilIncluded(hashes: readonly Hash[]): Promise<void> {
  await eventually(
    'all being included',
    async () => {
      await stage.chain.anvil.mine({ blocks: 1 })
      await new Promise(resolve => setTimeout(resolve, random.between(200, 500)))
      return await Promise.all(hashes.map(hash => stage.statusOf(hash)))
    },
    seen => seen.every(({ status }) => status === 'included'),
  )
}

function linesOfLog(words: RegExp): readonly string[] {
  const log = readFileSync(join(stage.folder, 'bundler.log'), 'utf8')
  return log.split('\n').filter(line => words.test(line))
}

async function followEachOther(rpcUrl: string): Promise<void> {
  await stage.startBundler({ rpcUrl })
  await stage.chain.mineEvery(0)
  const hashes: Hash[] = []
  for (let nonce = 0n; nonce < 5n; nonce++) {
    hashes.push(...(await stage.send(await nextOfEach(nonce))))
    // With it goes what the ones just acknowledged follow.
    if (nonce > 0n) await stage.chain.reorg(1)
    await mineUntilIncluded(hashes)
  }
  await stage.chain.mineEvery(1)
  await stage.expectAllLandOnce(hashes)
  expect(linesOfLog(/an operation was dropped|made a bundle revert|fails in a bundle/)).toEqual([])
}

it('through reorgs of one block', () => followEachOther(stage.chain.rpcUrl))

it('through reorgs of one block, behind nodes of which some are one block behind', async () => {
  const node = await startNodeProxy(
    stage.chain.rpcUrl,
    unreliableNodes({ lag: () => (random.between(1, 3) === 1 ? 1 : 0), fails: () => false, delay: () => 0 }),
  )
  try {
    await followEachOther(node.url)
  } finally {
    await node.stop()
  }
})
