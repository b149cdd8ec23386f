// Bundles that are not mined: replaced when a higher fee helps, kept when only waiting does.
import { type Hash, parseEther, parseGwei } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { eventually } from '../support/eventually.ts'
import { anvilKey } from '../support/keys.ts'
import { countLandings, readLandings } from '../support/landings.ts'

const stage = chaosStage({ accounts: 10 })

/** One block at a time, each with this base fee, until the operations landed or `blocks` are over. */
async function mineAt(baseFeePerGas: bigint, blocks: number, hashes: readonly Hash[]): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    await stage.chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas })
    await stage.chain.anvil.mine({ blocks: 1 })
    // The bundler looks for blocks ten times a second and must have time to act on this one.
    await new Promise(resolve => setTimeout(resolve, 600))
    if ((await countLandings(stage.chain.client, hashes))[0] === undefined) return
  }
}

describe('a bundle that is not mined', () => {
  it('because the base fee rose above its offer is replaced by a dearer one, and lands once', async () => {
    await stage.startBundler({ executors: 1 })
    await stage.chain.mineEvery(0)
    const hashes = await stage.send(await stage.crowd.sign(5, { maxFeePerGas: parseGwei('400') }))
    const [first] = await stage.allSubmitted(hashes)
    // A bundle is journaled first and broadcast then.
    const stuck = await eventually(
      'the node having the bundle',
      () =>
        stage.chain.client.getTransaction({ hash: first?.transactionHash as Hash }).catch(() => undefined),
      transaction => transaction !== undefined,
    )
    // Above what the bundle offers, and far below what its operations can pay.
    await mineAt((stuck.maxFeePerGas ?? 0n) * 2n, 20, hashes)
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 1: 5 })
    const [landing] = (await readLandings(stage.chain.client)).get(hashes[0] as Hash) ?? []
    const mined = await stage.chain.client.getTransaction({ hash: landing?.transactionHash as Hash })
    expect(mined.hash).not.toBe(stuck.hash)
    expect(mined.nonce).toBe(stuck.nonce)
    expect(mined.maxFeePerGas).toBeGreaterThan(stuck.maxFeePerGas ?? 0n)
    expect(mined.maxPriorityFeePerGas).toBeGreaterThan(stuck.maxPriorityFeePerGas ?? 0n)
  })

  it('because the base fee rose above what its operations pay waits until it has fallen', async () => {
    await stage.startBundler({ executors: 1 })
    await stage.chain.mineEvery(0)
    const hashes = await stage.send(await stage.crowd.sign(5, { maxFeePerGas: parseGwei('8') }))
    await mineAt(parseGwei('50'), 8, hashes)
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 0: 5 })
    await mineAt(parseGwei('1'), 20, hashes)
    await stage.chain.mineEvery(1)
    await stage.expectAllLandOnce(hashes)
  })

  it('because its executor is out of coins waits for the refill', async () => {
    await stage.startBundler({ executors: 1 })
    const executor = privateKeyToAddress(anvilKey(1))
    await stage.chain.anvil.setBalance({ address: executor, value: 1n })
    const hashes = await stage.send(await stage.crowd.sign(3))
    await stage.chain.anvil.mine({ blocks: 5 })
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 0: 3 })
    await stage.chain.anvil.setBalance({ address: executor, value: parseEther('10') })
    await stage.expectAllLandOnce(hashes)
  })
})
