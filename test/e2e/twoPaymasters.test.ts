// Two operators in one network, each with a bundler and a paymaster of his own: what one of them pays for is told to the
// other, landed by whoever leads, and both tip both.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address, Hash, Hex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deployAll } from '../../scripts/deploy/deployAll.ts'
import { createDeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { setLeaderTip } from '../../scripts/deploy/leaderTip.ts'
import { type BundlerNetwork, type NetworkBundler, prepareBundlers } from '../support/bundlerNetwork.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { type BundlerFigures, readFigures } from '../support/networkFigures.ts'
import { sponsoredOperation } from '../support/networkUsers.ts'
import { startPaymaster } from '../support/paymaster.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

type House = { readonly paymaster: Address; readonly tipWei: bigint; readonly daemon: Daemon }

const mostRounds = 60
const root = workFolder()
let chain: TestChain
let crowd: Crowd
let network: BundlerNetwork
let houses: House[]
let firstBlock: bigint
let lane = 1n << 32n

beforeEach(async () => {
  chain = await startTestChain()
  crowd = await gatherCrowd(chain, 16)
  network = await prepareBundlers({ chain, count: 2, folder: root })
  for (const bundler of network.bundlers) await network.register(bundler)
  houses = []
  houses.push(await openHouse(chain.faucetKey, 30_000_000_000_000n))
  const secondKey = generatePrivateKey()
  await chain.anvil.setBalance({ address: privateKeyToAddress(secondKey), value: 1_000n * 10n ** 18n })
  houses.push(await openHouse(secondKey, 20_000_000_000_000n))
  await Promise.all(network.bundlers.map(bundler => network.start(bundler)))
  await network.untilLed(network.bundlers, 1)
  await network.untilConnected(network.bundlers, 1)
  firstBlock = await chain.client.getBlockNumber({ cacheTime: 0 })
})
afterEach(async () => {
  await network?.killAll()
  for (const { daemon } of houses ?? []) await daemon.kill()
  await chain?.stop()
})

/** A paymaster contract of this owner's, beside what stands there already, and the service that signs for it. */
async function openHouse(ownerKey: Hex, tipWei: bigint): Promise<House> {
  const faucet = await createDeploymentClient({
    rpcUrl: chain.rpcUrl,
    privateKey: ownerKey,
    pollMilliseconds: 50,
  })
  const deployed = await deployAll({ client: faucet })
  if (!deployed.ok) throw new Error(deployed.refusal.message)
  const { paymaster } = deployed.value.contracts
  const set = await setLeaderTip({ client: faucet, paymaster, registry: network.registry.address, tipWei })
  if (!set.ok) throw new Error(set.refusal.message)
  const owned = { deployment: deployed.value, faucet, faucetKey: ownerKey }
  const daemon = await startPaymaster({ chain: owned, rpcUrl: chain.rpcUrl, folder: subfolder(root) })
  return { paymaster, tipWei, daemon }
}

/** One operation of each house, to the bundler of that house alone. */
async function sendRound(): Promise<readonly Hash[]> {
  const hashes: Hash[] = []
  for (const [index, { daemon }] of houses.entries()) {
    const account = crowd.accounts[Number(lane) % crowd.accounts.length]
    if (account === undefined) throw new Error('The crowd is empty')
    const operation = await sponsoredOperation({
      ...{ chain, account, lane: lane++, policyId: 'approvals', paymasterUrl: daemon.url },
    })
    hashes.push(...(await network.send([operation], [network.bundlers[index] as NetworkBundler])))
  }
  return hashes
}

const figuresOf = ({ paymaster }: House): Promise<readonly BundlerFigures[]> =>
  readFigures({
    client: chain.client,
    registry: network.registry.address,
    paymasters: [paymaster],
    bundlers: network.bundlers,
    fromBlock: firstBlock,
  })

it('what either pays for is landed by either, and each is tipped by both for its turns', async () => {
  const hashes: Hash[] = []
  for (let round = 0; round < mostRounds; round++) {
    hashes.push(...(await sendRound()))
    const all = await Promise.all(houses.map(figuresOf))
    if (all.flat().every(({ tippedAt }) => tippedAt.length > 0)) break
  }
  await eventually(
    'all of them landing',
    () => countLandings(chain.client, hashes),
    counts => counts[1] === hashes.length,
  )
  await chain.mineEvery(0)
  await chain.anvil.setAutomine(true)
  for (const house of houses) {
    const contract = { address: house.paymaster, abi: computePaymasterAbi } as const
    let owedWei = 0n
    for (const { bundler, tippedAt, struckAt } of await figuresOf(house)) {
      expect(tippedAt.length).toBeGreaterThan(0)
      expect(struckAt).toEqual([])
      const tipWei = BigInt(tippedAt.length) * house.tipWei
      owedWei += tipWei
      const args = [network.registry.address, bundler.bundlerId] as const
      expect(await chain.client.readContract({ ...contract, functionName: 'tipsOf', args })).toBe(tipWei)
    }
    // Each operation of this house's was tipped for once.
    expect(owedWei).toBe(BigInt(hashes.length / houses.length) * house.tipWei)
    const owed = { ...contract, functionName: 'tipsOwedWei' } as const
    expect(await chain.client.readContract(owed)).toBe(owedWei)
    for (const { bundlerId } of network.bundlers) {
      const args = [network.registry.address, bundlerId] as const
      const hash = await chain.faucet.writeContract({ ...contract, functionName: 'claimTips', args })
      expect((await chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
    }
    expect(await chain.client.readContract(owed)).toBe(0n)
  }
})
