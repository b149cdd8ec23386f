// Nodes that lag, fail, reorder and contradict each other make a bundler slow, never wrong.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Address, Hash } from 'viem'
import { expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { startNodeProxy, unreliableNodes } from '../support/nodeProxy.ts'
import { seededRandom } from '../support/random.ts'
import { ask, type RpcAnswer } from '../support/rpc.ts'
import { deployTestEntities } from '../support/testEntities.ts'
import { wireOperation } from '../support/wireOperation.ts'

const random = seededRandom()
const stage = chaosStage({ accounts: 10 })
const outage = -32603

/** Asks until there is a verdict: an outage is none. */
async function verdictOn(wire: object): Promise<RpcAnswer> {
  for (;;) {
    const answer = await ask(stage.bundler.url, 'eth_sendUserOperation', wire, entryPoint07Address)
    if (answer.error?.code !== outage) return answer
  }
}

it('gives no wrong verdict and loses nothing behind nodes that lag, fail and disagree', async () => {
  const entities = await deployTestEntities(stage.chain.faucet)
  const misfits: Address[] = []
  for (const contract of ['ReadsTimestamp', 'WritesForeignStorage', 'CallsWithValue'] as const) {
    misfits.push(await entities.account(contract))
  }
  const node = await startNodeProxy(
    stage.chain.rpcUrl,
    unreliableNodes({
      lag: () => (random.between(1, 3) === 1 ? random.between(1, 3) : 0),
      fails: () => random.between(1, 12) === 1,
      delay: () => random.between(0, 25),
    }),
  )
  try {
    await stage.startBundler({ rpcUrl: node.url })
    const operations = await stage.crowd.sign(40)
    const hashes: Hash[] = []
    for (const { wire, hash } of operations) {
      const answer = await verdictOn(wire)
      expect(answer.error, JSON.stringify(answer.error)).toBeUndefined()
      hashes.push(hash)
      const misfit = misfits[random.between(0, misfits.length - 1)] as Address
      expect((await verdictOn(wireOperation(misfit))).error?.code).toBe(-32502)
    }
    await stage.expectAllLandOnce(hashes)
  } finally {
    await node.stop()
  }
})
