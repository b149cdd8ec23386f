// A provider's payment on a real chain: the market's contracts, sessions opened by keys, and a real HTTP server behind the
// gate. Blocks come when they are asked for, so that a test says what happens in which.
import { join } from 'node:path'
import { createPayments, type Payments } from '@worldland-aa/provider/payment/createPayments'
import type { PaidEndpoint } from '@worldland-aa/provider/payment/paymentGate'
import { type PaymentTables, paymentMigrations } from '@worldland-aa/provider/payment/tables'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { offerBookAbi } from '@worldland-aa/sdk/abi/offerBook'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { usageRightsAbi } from '@worldland-aa/sdk/abi/usageRights'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { type ChainFollower, createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { systemClock } from '@worldland-aa/service/clock'
import { createGroupCommit } from '@worldland-aa/service/database/groupCommit'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { sql } from 'kysely'
import {
  type Address,
  createWalletClient,
  http,
  keccak256,
  type PrivateKeyAccount,
  parseEther,
  parseEventLogs,
  stringToHex,
  zeroAddress,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type Chain, startChain } from '../../paymaster/src/testing/startChain.ts'
import { type Market, startMarket } from '../../paymaster/src/testing/startMarket.ts'
import { servePaid } from '../../provider/src/payment/testing/servePaid.ts'
import { createWalletSender } from './walletSender.ts'

/** Of the offer: a second costs as much as some thousand gas. */
export const pricePerSecondWei = parseEther('0.0001')
export const endpointId = 'sums'
export const chainId = 103

export type OpenedSession = {
  readonly sessionId: bigint
  readonly rightId: bigint
  readonly payer: PrivateKeyAccount
}

export type PaymentStage = {
  readonly chain: Chain
  readonly market: Market
  readonly contracts: ComputeContracts
  /** Served by the paid server. */
  readonly offerId: bigint
  /** Of the same terms, served by nobody; of the provider, or of another. */
  postOffer(by?: PrivateKeyAccount): Promise<bigint>
  /** With coins for gas, and tokens. */
  person(): Promise<PrivateKeyAccount>
  openSession(options: {
    readonly budgetWei: bigint
    readonly signer?: Address
    readonly seconds?: number
    readonly offerId?: bigint
    readonly payer?: PrivateKeyAccount
  }): Promise<OpenedSession>
  /** A transaction of somebody's, in a block. */
  write(by: PrivateKeyAccount, call: object): Promise<void>
  grant(
    by: PrivateKeyAccount,
    grant: {
      readonly parentId: bigint
      readonly to: Address
      readonly budgetWei: bigint
      readonly seconds?: number
      /** Default: use. */
      readonly acts?: number
    },
  ): Promise<bigint>
  /** So many blocks without anything in them. */
  mine(blocks: number): Promise<void>
  /** Replaces the newest blocks by others, without what was in them. */
  reorg(depth: number): Promise<void>
  /** What the provider has been paid of a lane. */
  redeemedWei(lane: { readonly sessionId: bigint; readonly rightId: bigint }): Promise<bigint>
  stop(): Promise<void>
}

export async function startPaymentStage(): Promise<PaymentStage> {
  const chain = await startChain()
  const market = await startMarket(chain)
  const rights = await chain.client.readContract({
    address: market.session,
    abi: serverlessSessionAbi,
    functionName: 'rights',
  })
  const contracts: ComputeContracts = {
    token: chain.token,
    providerRegistry: market.registry,
    offerBook: market.offerBook,
    usageRights: rights,
    trainingRecord: zeroAddress,
    instanceLease: market.lease,
    serverlessSession: market.session,
    modelNft: zeroAddress,
    paymaster: chain.paymaster,
    bundleGuard: zeroAddress,
    simpleAccountFactory: chain.factory,
    computeAccountFactory: zeroAddress,
    bundlerRegistry: zeroAddress,
  }

  async function send(by: PrivateKeyAccount, call: object) {
    const wallet = createWalletClient({ chain: worldland, transport: http(chain.anvil.url), account: by })
    const hash = await wallet.writeContract(call as never)
    const receipt = await chain.client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`A transaction of the test reverted: ${hash}`)
    return receipt
  }

  const { owner } = chain
  let offers = 2n
  /** With the bond for as many sessions as a file of tests opens. */
  async function postOffer(by: PrivateKeyAccount): Promise<bigint> {
    await chain.mintTokens(by.address, parseEther('1'))
    await send(by, {
      ...{ address: contracts.token, abi: computeTokenAbi },
      ...{ functionName: 'approve', args: [market.registry, 1_000n] },
    })
    const inRegistry = { address: market.registry, abi: providerRegistryAbi } as const
    if (by !== owner) {
      await send(by, { ...inRegistry, functionName: 'register', args: [by.address, 'data:,{}'] })
      await send(by, { ...inRegistry, functionName: 'setMarket', args: [market.session, true] })
    }
    await send(by, { ...inRegistry, functionName: 'stake', args: [1_000n] })
    await send(by, {
      ...{ address: market.offerBook, abi: offerBookAbi, functionName: 'postOffer' },
      args: [
        {
          ...{ market: market.session, kind: 1, capacityUnits: 900, gpuCount: 1, bondPerUnitWei: 1n },
          ...{ pricePerSecondWei, minSeconds: 1, maxSeconds: 86_400, vramGiB: 24, gpuModel: 'Test GPU' },
          ...{ specHash: keccak256(stringToHex('{}')), region: 'KR', uri: 'data:,{}' },
        },
      ],
    })
    return ++offers
  }
  const offerId = await postOffer(owner)

  async function person(): Promise<PrivateKeyAccount> {
    const account = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.client.setBalance({ address: account.address, value: parseEther('15') })
    // By itself: the provider, who could give them, redeems meanwhile, and two would choose one nonce.
    await send(account, {
      ...{ address: contracts.token, abi: computeTokenAbi },
      ...{ functionName: 'deposit', args: [], value: parseEther('5') },
    })
    return account
  }

  const nowSeconds = async () => Number((await chain.client.getBlock()).timestamp)

  return {
    chain,
    market,
    contracts,
    offerId,
    postOffer: (by = owner) => postOffer(by),
    person,
    async openSession({
      budgetWei,
      signer = zeroAddress,
      seconds = 3_600,
      offerId: wanted = offerId,
      payer: given,
    }) {
      const payer = given ?? (await person())
      const token = { address: contracts.token, abi: computeTokenAbi } as const
      await send(payer, { ...token, functionName: 'approve', args: [market.session, budgetWei] })
      const { logs } = await send(payer, {
        address: market.session,
        abi: serverlessSessionAbi,
        functionName: 'open',
        args: [wanted, budgetWei, pricePerSecondWei, signer, (await nowSeconds()) + seconds],
      })
      const [opened] = parseEventLogs({ abi: serverlessSessionAbi, eventName: 'SessionOpened', logs })
      if (opened === undefined) throw new Error('No session was opened')
      const { sessionId } = opened.args
      return { sessionId, payer, rightId: rootRightOf({ market: market.session, agreementId: sessionId }) }
    },
    async write(by, call) {
      await send(by, call)
    },
    async grant(by, { parentId, to, budgetWei, seconds = 1_800, acts = 1 }) {
      const { logs } = await send(by, {
        address: contracts.usageRights,
        abi: usageRightsAbi,
        functionName: 'grant',
        args: [
          {
            parentId,
            to,
            budgetWei,
            expires: (await nowSeconds()) + seconds,
            acts,
            endpointHash: `0x${'0'.repeat(64)}`,
          },
        ],
      })
      const [granted] = parseEventLogs({ abi: usageRightsAbi, eventName: 'RightGranted', logs })
      if (granted === undefined) throw new Error('No right was granted')
      return granted.args.rightId
    },
    async mine(blocks) {
      await chain.anvil.client.mine({ blocks })
    },
    async reorg(depth) {
      await chain.anvil.client.request({ method: 'anvil_reorg', params: [depth, []] } as never)
    },
    async redeemedWei({ sessionId, rightId }) {
      const { cumulativeWei } = await chain.client.readContract({
        ...{ address: market.session, abi: serverlessSessionAbi },
        ...{ functionName: 'laneOf', args: [sessionId, rightId] },
      })
      return cumulativeWei
    },
    stop: chain.stop,
  }
}

export type PaidServer = {
  readonly url: string
  readonly payments: Payments
  readonly follower: ChainFollower
  /** Whether the data file takes anything more. */
  setDisk(isWritable: boolean): Promise<void>
  /** As Prometheus reads them. */
  metrics(): Promise<string>
  /** Takes in the chain as it stands now. */
  poll(): Promise<void>
  stop(): Promise<void>
}

/** A server that says `{"sum"}` to whoever pays, and books as many milliseconds as the request asks it to. */
export async function startPaidServer(
  stage: PaymentStage,
  options: {
    readonly folder: string
    readonly reserveSeconds?: number
    readonly finalityBlocks?: number
    /** Of the endpoint; as far as its provider knows. Default: the stage's. */
    readonly offerIds?: readonly bigint[]
  },
): Promise<PaidServer> {
  const { chain, contracts } = stage
  const logger = createLogger({ name: 'paid server', level: 'silent' })
  const database = await openDatabase<PaymentTables>({
    path: join(options.folder, 'provider.sqlite'),
    migrations: paymentMigrations,
  })
  const follower = createChainFollower({
    client: chain.client,
    pollMilliseconds: 60_000,
    memoryBlocks: 64,
    patience: { quietMilliseconds: 0, lossMilliseconds: 0 },
    logger,
  })
  const endpoint: PaidEndpoint = {
    endpointId,
    offerIds: options.offerIds ?? [stage.offerId],
    reserveSeconds: options.reserveSeconds ?? 10,
  }
  const registry = createRegistry()
  const payments = createPayments({
    ...{ client: chain.client, contracts, chainId, database, logger },
    chain: follower,
    sender: createWalletSender(chain.client, chain.wallet),
    commits: createGroupCommit(database),
    endpointOf: id => (id === endpointId ? endpoint : undefined),
    laneTokenKey: Buffer.alloc(32, 7),
    unsignedIntervalSeconds: 10,
    isDraining: () => false,
    finalityBlocks: options.finalityBlocks ?? 3,
    registry,
    clock: systemClock,
  })
  follower.listen(payments.onChainUpdate)
  await payments.start()
  await follower.start()
  const door = await servePaid({ gate: payments.gate, routes: payments.routes, endpoint })
  return {
    url: door.url,
    payments,
    follower,
    async setDisk(isWritable) {
      await sql`pragma query_only = ${sql.raw(isWritable ? 'off' : 'on')}`.execute(database)
    },
    metrics: () => registry.metrics(),
    poll: follower.poll,
    async stop() {
      await door.stop()
      await follower.stop()
      await payments.stop()
      await database.destroy()
    },
  }
}
