// The daemon itself, as an operator runs it: a training in a machine that was rented from it, on the chain by its own hand,
// and what becomes of one that its death broke off.
import { join } from 'node:path'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { Call } from '@worldland-aa/sdk/account/call'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import {
  getTraining,
  startTraining,
  stateTraining,
  waitForTraining,
} from '@worldland-aa/sdk/serving/training'
import { uploadFile } from '@worldland-aa/sdk/serving/uploadFile'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { parseEther, parseEventLogs, type TransactionReceipt } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { createProviderDaemon, type ProviderDaemon, testOffer } from '../support/providerDaemon.ts'
import { sendInOrder } from '../support/sendInOrder.ts'
import { trainingConfig, trainingData, trainingScript } from '../support/trainingScript.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const command = ['python3', 'code/train.py']
let chain: TestChain
let payer: DeploymentClient
let provider: ProviderDaemon
let daemon: Daemon

beforeAll(async () => {
  chain = await startTestChain()
  const { contracts } = chain.deployment
  const payerKey = generatePrivateKey()
  payer = await createDeploymentClient({ rpcUrl: chain.rpcUrl, privateKey: payerKey, pollMilliseconds: 50 })
  provider = createProviderDaemon({
    folder: join(folder, 'provider'),
    devnet: { rpcUrl: chain.rpcUrl, contracts },
    // The same after a restart: statements name the address.
    flags: { 'record-trainings': 'true', port: await freePort() },
  })
  for (const to of [payer.account.address, privateKeyToAddress(provider.privateKey)]) {
    const hash = await chain.faucet.sendTransaction({ to, value: parseEther('50') })
    await chain.faucet.waitForTransactionReceipt({ hash })
  }
  await send(wrapCoin.calls({ contracts, amountWei: parseEther('20') }))
  await chain.mineEvery(1)
  daemon = await provider.start()
})
afterAll(async () => {
  await daemon?.stop()
  await chain?.stop()
})

const send = (calls: readonly Call[]): Promise<TransactionReceipt> => sendInOrder(payer, calls)

async function readyLease(): Promise<bigint> {
  const { contracts } = chain.deployment
  const [offer] = await eventually(
    'an offer',
    () => findOffers(chain.client, { contracts, region: testOffer.region }),
    offers => offers.length > 0,
  )
  if (offer === undefined) throw new Error('There is no offer')
  const { offerId, pricePerSecondWei: maximumPricePerSecondWei } = offer
  const terms = { contracts, offerId, seconds: 3_600, maximumPricePerSecondWei, sealedRequest: '0x' } as const
  const { logs } = await send(rentInstance.calls({ ...terms, gasAllowanceWei: undefined }))
  const [opened] = parseEventLogs({ abi: instanceLeaseAbi, eventName: 'LeaseOpened', logs })
  if (opened === undefined) throw new Error('No lease was opened')
  const { leaseId } = opened.args
  await eventually(
    'the machine',
    () => getLease(chain.client, { contracts, leaseId }),
    ({ state }) => state === 'ready',
  )
  return leaseId
}

const holderOf = (leaseId: bigint) => ({
  ...{ contracts: chain.deployment.contracts, chainId: 103, url: daemon.url, signer: payer.account, leaseId },
})
async function inputsOf(leaseId: bigint, script: string) {
  const upload = (name: string, text: string) =>
    uploadFile({
      ...holderOf(leaseId),
      market: 'lease',
      agreementId: leaseId,
      source: Buffer.from(text),
      name,
    })
  const dataset = await upload('train.csv', trainingData)
  const code = await upload('train.py', script)
  const config = await upload('config.json', trainingConfig)
  return { dataset: dataset.id, code: code.id, config: config.id, command }
}

it('trains in a machine that was rented from it, and puts what really ran on the chain', async () => {
  const leaseId = await readyLease()
  const holder = holderOf(leaseId)
  const { id: trainingId } = await startTraining({
    ...holder,
    training: await inputsOf(leaseId, trainingScript),
  })
  const { outputs } = await waitForTraining({ ...holder, trainingId })
  expect(outputs?.map(({ path }) => path)).toEqual(['metrics.json', 'model/weights.json'])
  const stated = { ...holder, trainingId, imageless: true, recordedBy: 'provider' } as const
  const { recordId } = await stateTraining(stated)
  const record = await eventually(
    'the record',
    () => getTrainingRecord(chain.client, { contracts: holder.contracts, recordId }).catch(() => undefined),
    found => found !== undefined,
  )
  expect(record).toMatchObject({ providerStance: 'signed', payerStance: 'none' })
  await eventually(
    'that it stays',
    () => getTraining({ ...holder, trainingId }),
    ({ isRecorded }) => isRecorded,
  )
})

it('says of a training that its own death broke off that it failed, and runs the next', async () => {
  const leaseId = await readyLease()
  const training = await inputsOf(leaseId, 'import time\nwhile True: time.sleep(1)\n')
  const { id: trainingId } = await startTraining({ ...holderOf(leaseId), training })
  await daemon.kill()
  daemon = await provider.start()
  const broken = await getTraining({ ...holderOf(leaseId), trainingId })
  expect(broken).toMatchObject({ state: 'failed', problem: expect.stringContaining('started anew') })
  const again = await startTraining({
    ...holderOf(leaseId),
    training: await inputsOf(leaseId, trainingScript),
  })
  expect(await waitForTraining({ ...holderOf(leaseId), trainingId: again.id })).toMatchObject({ exitCode: 0 })
})
