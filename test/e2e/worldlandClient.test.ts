// The suite on the real WorldLand client: ECCPoW, a block in some seconds, real reorgs between two nodes, `kill -9`.
// The client is no npm package: WORLDLAND names its binary, or these are skipped.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPublicClient, type Hash, http, type PublicClient } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Deployment, deployAll } from '../../scripts/deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import type { DevnetFile } from '../../scripts/devnet/startDevnet.ts'
import { startBundler } from '../support/bundler.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { anvilKey } from '../support/keys.ts'
import { countLandings } from '../support/landings.ts'
import { castMarket, landed, pricePerSecondWei } from '../support/marketCast.ts'
import type { MarketStage } from '../support/marketStage.ts'
import { billOf, holdingsOf } from '../support/money.ts'
import { startPaymaster } from '../support/paymaster.ts'
import { resultOf } from '../support/rpc.ts'
import { workFolder } from '../support/workFolder.ts'
import { createWorldlandClient, type WorldlandClient } from '../support/worldlandClient.ts'

// biome-ignore lint/style/noProcessEnv: where the client is, is said by the person who looks
const { WORLDLAND = '' } = process.env
/** Gaps of two minutes between blocks have been seen. */
const patienceSeconds = 600
vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 1_800_000 })

describe.skipIf(WORLDLAND === '')(
  'on the WorldLand client (runs where WORLDLAND=/path/to/binary is given)',
  () => {
    const folder = workFolder()
    const faucetKey = anvilKey(0)
    let node: WorldlandClient
    let peer: WorldlandClient
    let client: PublicClient
    let faucet: DeploymentClient
    let deployment: Deployment
    let paymaster: Daemon
    let bundler: Daemon
    let stage: MarketStage

    const startBundlerAgain = () =>
      startBundler({ rpcUrl: node.url, folder, flags: { 'paymaster-url': paymaster.url } })

    beforeAll(async () => {
      node = await createWorldlandClient({ binary: WORLDLAND, folder, name: 'node' })
      peer = await createWorldlandClient({ binary: WORLDLAND, folder, name: 'peer' })
      await node.start()
      await peer.start()
      await node.connect(peer)
      await node.mine(true)
      client = createPublicClient({
        chain: worldLand,
        transport: http(node.url),
        pollingInterval: 200,
      }) as PublicClient
      faucet = await createDeploymentClient({
        rpcUrl: node.url,
        privateKey: faucetKey,
        pollMilliseconds: 200,
      })
      const deployed = await deployAll({ client: faucet })
      if (!deployed.ok) throw new Error(deployed.refusal.message)
      deployment = deployed.value
      paymaster = await startPaymaster({ chain: { deployment, faucet, faucetKey }, rpcUrl: node.url, folder })
      bundler = await startBundlerAgain()
      stage = {
        client,
        faucet,
        get devnet(): DevnetFile {
          const { entryPoint, contracts } = deployment
          const urls = { rpcUrl: node.url, bundlerUrl: bundler.url, paymasterUrl: paymaster.url }
          return { chainId: 103, ...urls, entryPoint, contracts, faucetKey }
        },
      }
    })
    afterAll(async () => {
      await bundler?.stop()
      await paymaster?.stop()
      await node?.stop()
      await peer?.stop()
    })

    /** Sends sponsored approvals of an account that does not exist yet or does, and does not wait. */
    async function sponsoredAccount() {
      const account = await toSimpleSmartAccount({
        client: client as never,
        owner: privateKeyToAccount(generatePrivateKey()),
        entryPoint: { address: entryPoint07Address, version: '0.7' },
        factoryAddress: deployment.contracts.simpleAccountFactory,
      })
      return {
        address: account.address,
        send: async (): Promise<Hash> =>
          await createBundlerClient({
            account,
            client,
            transport: http(bundler.url),
            paymaster: true,
          }).sendUserOperation({ calls: [approval()] }),
      }
    }
    const approval = () => ({
      to: deployment.contracts.token,
      // approve(paymaster, 1)
      data: `0x095ea7b3${deployment.contracts.paymaster.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}` as const,
    })

    const isIncluded = (hash: Hash) =>
      eventually(
        `${hash} being included`,
        () => resultOf<{ status: string }>(bundler.url, 'pimlico_getUserOperationStatus', hash),
        ({ status }) => status === 'included',
        patienceSeconds,
      )
    const landedOnce = (hashes: readonly Hash[]) =>
      eventually(
        `${hashes.length} operations landing once`,
        () => countLandings(client, hashes),
        counts => counts[1] === hashes.length,
        patienceSeconds,
      )

    /** By which one of two partitioned nodes the heavier chain is mined. */
    async function overtake(heavier: WorldlandClient, lighter: WorldlandClient): Promise<void> {
      await heavier.mine(true)
      await eventually(
        'the heavier chain',
        async () => [await heavier.head(), await lighter.head()] as const,
        ([ahead, behind]) => ahead.totalDifficulty > behind.totalDifficulty && ahead.number > behind.number,
        patienceSeconds,
      )
      await heavier.mine(false)
    }
    const agree = () =>
      eventually(
        'both nodes having one head',
        async () => [await node.head(), await peer.head()] as const,
        ([one, other]) => one.totalDifficulty === other.totalDifficulty,
        patienceSeconds,
      )

    /** A node that came back behind asks for the blocks between only when a peer announces a new one. */
    async function rejoin(): Promise<void> {
      const { number } = await peer.head()
      await node.connect(peer)
      await peer.mine(true)
      await eventually(
        'the node having its chain back',
        () => node.head(),
        head => head.number > number,
        patienceSeconds,
      )
      await peer.mine(false)
      await agree()
    }

    it('deploys an account and lands its first, sponsored operation', async () => {
      const account = await sponsoredAccount()
      const hash = await account.send()
      await isIncluded(hash)
      expect(await client.getCode({ address: account.address })).toMatch(/^0x/)
      expect(await holdingsOf(stage, account.address)).toMatchObject({ nativeWei: 0n })
      expect(await resultOf(bundler.url, 'eth_getUserOperationReceipt', hash)).toMatchObject({
        success: true,
      })
    })

    it('opens, serves and settles a lease, gas in the token, and the books agree to the wei', async () => {
      const { payer, provider, offers } = await castMarket(stage)
      const before = {
        payer: await holdingsOf(stage, payer.address),
        provider: await holdingsOf(stage, provider.address),
      }
      const rental = await payer.client.waitForRental({
        hash: await payer.client.rentInstance({ offerId: offers.instance, seconds: 3600 }),
      })
      const { leaseId } = rental
      await landed(provider, provider.client.acceptLease({ leaseId }))
      await landed(provider, provider.client.readyLease({ leaseId, access: '0x01' }))
      const settlement = await payer.client.waitForSettlement({
        hash: await payer.client.stopLease({ leaseId }),
      })
      expect(settlement.providerWei + settlement.refundWei).toBe(3600n * pricePerSecondWei)
      const charges = await Promise.all(
        [rental, settlement].map(async ({ transactionHash }) => {
          const { success, chargeWei } = await billOf(stage, { transactionHash, sender: payer.address })
          expect(success).toBe(true)
          return chargeWei ?? 0n
        }),
      )
      const paidWei = settlement.providerWei + charges.reduce((sum, charge) => sum + charge, 0n)
      const after = await holdingsOf(stage, payer.address)
      expect(after).toEqual({ ...before.payer, tokenWei: before.payer.tokenWei - paidWei })
    })

    it('lands an operation again, once, that a real reorg of two nodes took back', async () => {
      const account = await sponsoredAccount()
      await node.mine(true)
      await agree()
      await node.disconnect(peer)
      const hash = await account.send()
      await isIncluded(hash)
      await node.mine(false)
      const before = await client.getBlock({ blockTag: 'latest' })
      await overtake(peer, node)
      await node.connect(peer)
      await agree()
      expect((await client.getBlock({ blockNumber: before.number })).hash).not.toBe(before.hash)
      await node.mine(true)
      await landedOnce([hash])
      await eventually(
        'the bundler and the chain agreeing where it landed',
        () =>
          resultOf<{ receipt: { blockHash: Hash } } | null>(bundler.url, 'eth_getUserOperationReceipt', hash),
        receipt => receipt !== null && receipt.receipt.blockHash !== before.hash,
        patienceSeconds,
      )
    })

    it('loses nothing when node and bundler are killed at once, and the node comes back far behind', async () => {
      const accounts = await Promise.all(Array.from({ length: 6 }, sponsoredAccount))
      await node.mine(true)
      const hashes = await Promise.all(accounts.map(account => account.send()))
      await isIncluded(hashes[0] as Hash)
      await agree()
      const others = await Promise.all(Array.from({ length: 6 }, sponsoredAccount))
      const later = await Promise.all(others.map(account => account.send()))
      await bundler.kill()
      await node.kill()
      await node.start()
      await rejoin()
      bundler = await startBundlerAgain()
      await node.mine(true)
      await landedOnce([...hashes, ...later])
    })

    it('says so while the node has lost its chain, and goes on by itself when it has it back', async () => {
      await node.mine(false)
      await agree()
      const lost = await node.head()
      await eventually(
        'the bundler having taken the last block',
        async () => await (await fetch(`${bundler.url}/health`)).text(),
        body => body.includes(`"head":"${lost.number}"`),
        patienceSeconds,
      )
      await node.kill()
      await node.start()
      const back = await node.head()
      expect(back.number).toBeLessThan(lost.number)
      const health = await eventually(
        '/health saying that the node is behind',
        async () => {
          const response = await fetch(`${bundler.url}/health`)
          return { status: response.status, body: await response.text() }
        },
        ({ status, body }) =>
          status === 503 && body.includes(String(lost.number)) && body.includes(String(back.number)),
        patienceSeconds,
      )
      expect(health.status).toBe(503)
      await rejoin()
      await node.mine(true)
      await eventually(
        '/health being well again',
        async () => (await fetch(`${bundler.url}/health`)).status,
        status => status === 200,
        patienceSeconds,
      )
      await landedOnce([await (await sponsoredAccount()).send()])
    })
  },
)
