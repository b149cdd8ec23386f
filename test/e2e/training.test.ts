// A training at a provider, from a file of data to a model that was sold: what really ran is stated, anybody verifies it from
// the files alone, and the weights are read by who has paid and by nobody else.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { modelNftAbi } from '@worldland-aa/sdk/abi/modelNft'
import { buyModel } from '@worldland-aa/sdk/actions/model/buyModel'
import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
import { getPurchase } from '@worldland-aa/sdk/actions/model/getPurchase'
import { mintModel } from '@worldland-aa/sdk/actions/model/mintModel'
import { hashModelKey, modelSeal } from '@worldland-aa/sdk/actions/model/modelSeal'
import { openSealedKey } from '@worldland-aa/sdk/actions/model/openSealedKey'
import { postModelTerms } from '@worldland-aa/sdk/actions/model/postModelTerms'
import { refundPurchase } from '@worldland-aa/sdk/actions/model/refundPurchase'
import { releaseModelKey } from '@worldland-aa/sdk/actions/model/releaseModelKey'
import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
import { settlePurchase } from '@worldland-aa/sdk/actions/model/settlePurchase'
import { recordTraining } from '@worldland-aa/sdk/actions/provenance/recordTraining'
import { verifyArtifact } from '@worldland-aa/sdk/actions/provenance/verifyArtifact'
import { decryptArtifact, encryptArtifact } from '@worldland-aa/sdk/serving/artifactCipher'
import { downloadFile } from '@worldland-aa/sdk/serving/downloadFile'
import type { FileReader } from '@worldland-aa/sdk/serving/fileAccess'
import { createResultTree, encodeListing } from '@worldland-aa/sdk/serving/resultListing'
import { createFileLink, listModelFiles, publishFile } from '@worldland-aa/sdk/serving/shareFile'
import {
  type StatedTraining,
  startTraining,
  stateTraining,
  type Training,
  waitForTraining,
} from '@worldland-aa/sdk/serving/training'
import type { UploadFileReturnType } from '@worldland-aa/sdk/serving/uploadFile'
import { verifyTraining } from '@worldland-aa/sdk/serving/verifyTraining'
import { type Hex, hexToBytes, keccak256, parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { trainingConfig, trainingData, trainingScript } from '../support/trainingScript.ts'
import {
  inputChunkBytes as chunkBytes,
  trainingCommand as command,
  startTrainingStage,
  type TrainingInputs,
  type TrainingStage,
} from '../support/trainingStage.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const priceWei = parseEther('1')
const key = generatePrivateKey()
const keyHash = hashModelKey(key)

let stage: TrainingStage
let leaseId: bigint
let inputs: TrainingInputs
let trained: Training
let stated: StatedTraining
let weights: Buffer
let encrypted: UploadFileReturnType
let modelId: bigint

beforeAll(async () => {
  stage = await startTrainingStage({ folder })
  leaseId = (await stage.rentMachine()).leaseId
  inputs = await stage.uploadInputs(leaseId)
})
afterAll(() => stage?.stop())

async function gather(pieces: AsyncIterable<Uint8Array | { readonly bytes: Uint8Array }>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece instanceof Uint8Array ? piece : piece.bytes)
  return Buffer.concat(all)
}
const download = (reader: FileReader, file: { id: string; root: Hex }) =>
  gather(downloadFile({ ...reader, fileId: file.id, root: file.root }))

describe('a training', () => {
  test('runs in the machine of a lease, on what was uploaded, and its results come home', async () => {
    const { dataset, code, config } = inputs
    const holder = { ...stage.holder(stage.payer, leaseId), leaseId }
    const given = { dataset: dataset.id, code: code.id, config: config.id, command }
    const { id } = await startTraining({ ...holder, training: given })
    trained = await waitForTraining({ ...holder, trainingId: id })
    expect(trained.output).toContain('loss')
    expect(trained.outputs?.map(({ path }) => path)).toEqual(['metrics.json', 'model/weights.json'])
    const file = trained.outputs?.find(({ path }) => path === 'model/weights.json')
    if (file === undefined) throw new Error('The training has no weights')
    weights = await download(stage.holder(stage.payer, leaseId), { id: file.fileId, root: file.root })

    // Whoever has the inputs trains the same again.
    const again = await mkdtemp(join(folder, 'again-'))
    const laid = {
      data: ['train.csv', trainingData],
      code: ['train.py', trainingScript],
      config: ['config.json', trainingConfig],
    }
    for (const [name, [path = '', text = '']] of Object.entries(laid)) {
      await mkdir(join(again, name))
      await writeFile(join(again, name, path), text)
    }
    expect(spawnSync('python3', ['code/train.py'], { cwd: again }).status).toBe(0)
    expect((await readFile(join(again, 'out/model/weights.json'))).equals(weights)).toBe(true)
  })

  test('is stated by the provider only for a payer who is content that no image is named', async () => {
    const holder = { ...stage.holder(stage.payer, leaseId), leaseId, trainingId: trained.id }
    await expect(stateTraining(holder)).rejects.toThrow('runs no image that has a digest')
    const sealed = await gather(encryptArtifact({ source: weights, key }))
    encrypted = await stage.upload(leaseId, 'weights.enc', sealed)
    const seal = modelSeal({ creator: stage.payer.account.address, keyHash })
    const sealFile = await stage.upload(leaseId, 'model.seal', hexToBytes(seal))
    stated = await stateTraining({ ...holder, added: [encrypted.id, sealFile.id], imageless: true })
    const { statement } = stated
    expect(statement.datasetRoot).toBe(inputs.dataset.root)
    expect(statement.codeHash).toBe(keccak256(Buffer.from(trainingScript)))
    expect(statement.metricsHash).toBe(trained.outputs?.[0]?.hash)
    expect(stated.listing.files.map(({ path, origin }) => `${origin} ${path}`)).toEqual([
      'made metrics.json',
      'made model/weights.json',
      'added added/weights.enc',
      'added added/model.seal',
    ])
    expect(await stateTraining({ ...holder, imageless: true })).toEqual(stated)
  })

  test('is on record with both signatures by the payer’s one transaction', async () => {
    const { statement, providerSignature, recordId } = stated
    const calls = recordTraining.calls({ contracts: stage.contracts, statement, providerSignature })
    await stage.send(stage.payer, calls)
    const { record } = await verify({})
    expect(record).toMatchObject({ recordId, isSignedByBoth: true })
  })

  test('is verified by another party from the files alone, and one flipped byte fails', async () => {
    const files = { 'model/weights.json': weights }
    const dataset = { source: Buffer.from(trainingData), chunkBytes }
    expect(await verify({ files, dataset })).toMatchObject({
      isListing: true,
      isDataset: true,
      differing: [],
    })

    const flipped = Buffer.from(weights)
    flipped[3] = (flipped[3] ?? 0) ^ 1
    const otherData = { source: Buffer.from(trainingData.replace('1', '2')), chunkBytes }
    expect(await verify({ files: { 'model/weights.json': flipped }, dataset: otherData })).toMatchObject({
      isDataset: false,
      differing: ['model/weights.json'],
    })
    const [first, ...rest] = stated.listing.files
    const claimed = { files: [{ ...(first ?? never()), path: 'model/weights.json' }, ...rest] }
    expect((await verify({ listing: claimed })).isListing).toBe(false)

    // The contract says the same, of weights and of the listing.
    const { proofOf } = createResultTree(stated.listing)
    for (const artifact of [weights, encodeListing(stated.listing)]) {
      const asked = {
        contracts: stage.contracts,
        recordId: stated.recordId,
        artifact,
        proof: proofOf(keccak256(artifact)),
      }
      expect(await verifyArtifact(stage.chain.client, asked)).toBe(true)
      const altered = Buffer.concat([artifact.subarray(0, -1), Buffer.from([0])])
      expect(await verifyArtifact(stage.chain.client, { ...asked, artifact: altered })).toBe(false)
    }
  })
})

const verify = (given: Partial<Parameters<typeof verifyTraining>[1]>) =>
  verifyTraining(stage.chain.client, {
    contracts: stage.contracts,
    recordId: stated.recordId,
    listing: stated.listing,
    files: {},
    ...given,
  })
function never(): never {
  throw new Error('The listing is empty')
}

describe('a model that came of it', () => {
  let termsId: bigint
  beforeAll(async () => {
    const sealProof = createResultTree(stated.listing).proofOf(
      keccak256(modelSeal({ creator: stage.payer.account.address, keyHash })),
    )
    const terms = {
      contracts: stage.contracts,
      recordId: stated.recordId,
      sealProof,
      keyHash,
      royaltyBps: 500,
    }
    const minted = await stage.send(stage.payer, mintModel.calls(terms))
    modelId = (
      parseEventLogs({ abi: modelNftAbi, eventName: 'ModelMinted', logs: minted.logs })[0] ?? never()
    ).args.modelId
    const sale = { contracts: stage.contracts, modelId, sells: 'licence', priceWei } as const
    const posted = await stage.send(stage.payer, postModelTerms.calls(sale))
    termsId = (
      parseEventLogs({ abi: modelNftAbi, eventName: 'TermsPosted', logs: posted.logs })[0] ?? never()
    ).args.termsId
    for (const { account } of [stage.colleague, stage.stranger]) {
      const deposit = {
        address: stage.contracts.token,
        abi: computeTokenAbi,
        functionName: 'depositTo',
      } as const
      const hash = await stage.chain.faucet.writeContract({
        ...deposit,
        args: [account.address],
        value: 2n * priceWei,
      })
      await stage.chain.faucet.waitForTransactionReceipt({ hash })
    }
  })

  async function buy(by: DeploymentClient) {
    const { privateKey, buyerKey } = createPurchaseKey()
    const { logs } = await stage.send(
      by,
      buyModel.calls({ contracts: stage.contracts, termsId, buyerKey, priceWei }),
    )
    const { purchaseId } = (
      parseEventLogs({ abi: modelNftAbi, eventName: 'PurchasePaid', logs })[0] ?? never()
    ).args
    await stage.caughtUp()
    return { privateKey, buyerKey, purchaseId }
  }

  test('is published encrypted or not at all', async () => {
    const plain = trained.outputs?.find(({ path }) => path === 'model/weights.json')?.fileId ?? ''
    const holder = stage.holder(stage.payer, leaseId)
    await expect(publishFile({ ...holder, fileId: plain, modelId })).rejects.toThrow(
      'This file is not encrypted',
    )
    await expect(publishFile({ ...holder, fileId: encrypted.id, modelId: 77n })).rejects.toThrow(
      'no model 77',
    )
    const other = await stage.rentMachine()
    const elsewhere = await stage.upload(
      other.leaseId,
      'weights.enc',
      await gather(encryptArtifact({ source: weights, key })),
    )
    const wrong = { ...stage.holder(stage.payer, other.leaseId), fileId: elsewhere.id, modelId }
    await expect(publishFile(wrong)).rejects.toThrow('did not come of the lease')
    expect(await publishFile({ ...holder, fileId: encrypted.id, modelId })).toMatchObject({
      modelId: `${modelId}`,
    })
  })

  test('is downloaded and decrypted by its buyer alone, once the key is released', async () => {
    const { contracts, chain } = stage
    const buyer = stage.colleague
    const { privateKey, buyerKey, purchaseId } = await buy(buyer)
    const asBuyer = stage.licensee(buyer, modelId, purchaseId)
    await expect(download(asBuyer, encrypted)).rejects.toThrow('403')
    await chain.anvil.mine({ blocks: 12 })
    const sealed = sealKey({ key, buyerKey })
    await stage.send(stage.payer, releaseModelKey.calls({ contracts, purchaseId, sealed }))
    await stage.caughtUp()
    const [file] = await listModelFiles(asBuyer)
    expect(file).toMatchObject({ id: encrypted.id, root: encrypted.root })
    const bytes = await download(asBuyer, encrypted)
    const purchase = await getPurchase(chain.client, { contracts, purchaseId })
    const opened = openSealedKey({ privateKey, sealed: purchase, keyHash })
    expect(opened).toEqual({ key, isPromised: true })
    const plain = await gather(decryptArtifact({ source: bytes, key: opened.key }))
    // What was bought is what was trained: its hash stands in the record's listing.
    expect(keccak256(plain)).toBe(
      stated.listing.files.find(({ path }) => path === 'model/weights.json')?.hash,
    )
    await stage.send(buyer, settlePurchase.calls({ contracts, purchaseId }))
    await stage.caughtUp()
    expect((await download(asBuyer, encrypted)).equals(bytes)).toBe(true)
    // By the licence alone, too, once it is deep enough.
    await expect(download(stage.licensee(buyer, modelId), encrypted)).rejects.toThrow('403')
    await chain.anvil.mine({ blocks: 12 })
    await stage.caughtUp()
    expect((await download(stage.licensee(buyer, modelId), encrypted)).equals(bytes)).toBe(true)
    // The plain weights are not what was sold: they stay the payer's.
    const secret = trained.outputs?.find(({ path }) => path === 'model/weights.json') ?? never()
    await expect(download(asBuyer, { id: secret.fileId, root: secret.root })).rejects.toThrow(
      'not for the licensees',
    )
  })

  test('attack, strangers: who never bought, whose money was given back, and whose link has expired get nothing', async () => {
    const { contracts, chain } = stage
    await expect(download(stage.licensee(chain.faucet, modelId), encrypted)).rejects.toThrow('403')
    await expect(download(stage.holder(chain.faucet, leaseId), encrypted)).rejects.toThrow('holds no right')

    const refunded = await buy(stage.stranger)
    await stage.send(stage.payer, refundPurchase.calls({ contracts, purchaseId: refunded.purchaseId }))
    await chain.anvil.mine({ blocks: 13 })
    await stage.caughtUp()
    for (const purchaseId of [refunded.purchaseId, 1n, 999n, undefined]) {
      await expect(download(stage.licensee(stage.stranger, modelId, purchaseId), encrypted)).rejects.toThrow(
        '403',
      )
    }

    const link = await createFileLink({
      ...stage.licensee(stage.colleague, modelId),
      fileId: encrypted.id,
      seconds: 60,
    })
    expect((await fetch(link.url)).status).toBe(200)
    stage.clock.aheadMilliseconds = 61_000
    expect((await fetch(link.url)).status).toBe(410)
    stage.clock.aheadMilliseconds = 0
    expect((await fetch(link.url.replace(encrypted.id, inputs.dataset.id))).status).toBe(403)
  })
})
