// Gas in a token that is not the compute token, through our bundler and our paymaster as two processes, by unmodified
// permissionless: quoted, taken, given back, and booked to the unit; refused when its price is stale.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LedgerSchema, ledgerMigrations } from '@worldland-aa/paymaster/ledger/schema'
import { createTokenCharges } from '@worldland-aa/paymaster/pricing/tokens/tokenCharges'
import { type Deployed, deploy } from '@worldland-aa/paymaster/testing/priceContracts'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createSmartAccountClient } from 'permissionless'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { prepareUserOperationForErc20Paymaster } from 'permissionless/experimental/pimlico'
import { encodeFunctionData, erc20Abi, http, parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { startPaymaster } from '../support/paymaster.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const entryPoint = { address: entryPoint07Address, version: '0.7' } as const
/** A coin is worth two and a half dollars, of six decimals. */
const answer = 250_000_000n
const stranger = '0x9000000000000000000000000000000000000009'

let chain: TestChain
let paymaster: Daemon
let bundler: Daemon
let dollar: Deployed
let feed: Deployed

beforeAll(async () => {
  chain = await startTestChain()
  const deployer = { client: chain.client, wallet: chain.faucet as never }
  dollar = await deploy(deployer, 'PlainToken', 6)
  feed = await deploy(deployer, 'PriceFeed', 8, answer)
  const tokens = join(folder, 'tokens.json')
  const source = { kind: 'chainlinkFeed', feed: feed.address, quotes: 'tokenPerNative', maxAgeSeconds: 3_600 }
  writeFileSync(
    tokens,
    JSON.stringify({ tokens: [{ address: dollar.address, sources: [source], markupBps: 300 }] }),
  )
  paymaster = await startPaymaster({ chain, rpcUrl: chain.rpcUrl, folder, flags: { tokens } })
  bundler = await startBundler({
    rpcUrl: chain.rpcUrl,
    folder,
    flags: { 'paymaster-url': paymaster.url },
  })
  await chain.mineEvery(1)
})
afterAll(async () => {
  await bundler?.stop()
  await paymaster?.stop()
  await chain?.stop()
})

const call = (functionName: 'approve' | 'transfer', to: `0x${string}`, amount: bigint) => ({
  to: dollar.address,
  value: 0n,
  data: encodeFunctionData({ abi: erc20Abi, functionName, args: [to, amount] }),
})

async function newRenter() {
  const pimlico = createPimlicoClient({ transport: http(bundler.url), chain: worldLand, entryPoint })
  const account = await toSimpleSmartAccount({
    client: chain.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint,
  })
  const common = {
    account,
    chain: worldLand,
    client: chain.client,
    bundlerTransport: http(bundler.url),
    pollingInterval: 200,
  } as const
  const estimateFeesPerGas = async () => (await pimlico.getUserOperationGasPrice()).fast
  const self = createSmartAccountClient({ ...common, userOperation: { estimateFeesPerGas } })
  const inDollars = createSmartAccountClient({
    ...common,
    paymaster: pimlico,
    paymasterContext: { token: dollar.address },
    userOperation: {
      estimateFeesPerGas,
      prepareUserOperation: prepareUserOperationForErc20Paymaster(pimlico),
    },
  })
  return { address: account.address, self, inDollars, pimlico }
}

it('pays for operations in dollars, to the unit, and is refused when the price is stale', async () => {
  const { address, self, inDollars, pimlico } = await newRenter()
  const { paymaster: contract } = chain.deployment.contracts
  await dollar.send('mint', address, 100_000_000n)
  await chain.anvil.setBalance({ address, value: parseEther('1') })

  // Its own first operation cannot prepay: it is told what to do instead, and does it.
  await expect(inDollars.sendUserOperation({ calls: [call('transfer', stranger, 1n)] })).rejects.toThrow(
    'in an operation before this one, or pay this one in the compute token',
  )
  const approved = await self.sendUserOperation({ calls: [call('approve', contract, 50_000_000n)] })
  expect((await self.waitForUserOperationReceipt({ hash: approved, timeout: 60_000 })).success).toBe(true)

  const [quote] = await pimlico.getTokenQuotes({ tokens: [dollar.address] })
  expect(quote).toMatchObject({ paymaster: contract, exchangeRate: 2_575_000n })

  let spent = 0n
  let lostWei = 0n
  for (const amount of [1n, 2n]) {
    const hash = await inDollars.sendUserOperation({ calls: [call('transfer', stranger, amount)] })
    const landed = await inDollars.waitForUserOperationReceipt({ hash, timeout: 60_000 })
    expect(landed.success).toBe(true)
    const { logs } = await chain.client.getTransactionReceipt({ hash: landed.receipt.transactionHash })
    const [charged] = parseEventLogs({ abi: computePaymasterAbi, logs, eventName: 'Erc20Charged' })
    const [event] = parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' })
    spent += charged?.args.charge ?? 0n
    lostWei += event?.args.actualGasCost ?? 0n
  }
  expect(await dollar.read('balanceOf', address)).toBe(100_000_000n - spent - 3n)
  expect(await dollar.read('balanceOf', contract)).toBe(spent)
  expect(spent * 10n ** 18n).toBeGreaterThanOrEqual((lostWei * 2_500_000n * 10_300n) / 10_000n)

  const { timestamp } = await chain.client.getBlock()
  await feed.send('tell', answer, timestamp - 3_700n)
  const quoting = async () => {
    const quotes = pimlico.getTokenQuotes({ tokens: [dollar.address] })
    return await quotes.then(
      () => 'quoted',
      (error: Error) => error.message,
    )
  }
  await expect.poll(quoting).toMatch(/price of TUSD is 37\d\d seconds old/)
  await expect(inDollars.sendUserOperation({ calls: [call('transfer', stranger, 1n)] })).rejects.toThrow(
    'seconds old, which is too old',
  )

  await paymaster.stop()
  const database = await openDatabase<LedgerSchema>({
    path: join(folder, 'paymaster.sqlite'),
    migrations: ledgerMigrations,
  })
  const charges = createTokenCharges(database as never)
  expect(await charges.charged(dollar.address)).toEqual({ charge: spent, operations: 2 })
  await database.destroy()
}, 120_000)
