// Chapter 5: what was trained on what. Both parties sign, a datum is proven on the chain, and one flipped
// byte is not.
import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
import { isDatumIn } from '@worldland-aa/sdk/actions/provenance/isDatumIn'
import { type Hex, keccak256, stringToHex } from 'viem'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'
import { simulateTraining, type Training } from './training.ts'

const checkedChunk = 77

export async function playProvenance(
  stage: ChapterStage,
  leaseId: bigint,
): Promise<{ readonly recordId: Hex; readonly training: Training }> {
  const { network, cast, steps } = stage
  const { payer, provider, buyer } = cast
  const { contracts } = payer

  const training = await steps.play('train', 'A training', async () => {
    const done = simulateTraining(payer.address)
    return {
      value: done,
      told: `A dataset of ${done.dataset.size} chunks and the weights that came of it, encrypted: two Merkle roots`,
    }
  })
  const statement = {
    market: contracts.instanceLease,
    agreementId: leaseId,
    datasetRoot: training.dataset.root,
    resultRoot: training.result.root,
    imageDigest: keccak256(stringToHex('pytorch:2.9')),
    codeHash: keccak256(stringToHex('train.py')),
    storage: { driver: 'https', reference: stringToHex('https://storage.example/weights') },
  }
  const recordId = await steps.play('record', 'On record', async () => {
    const landed = await land(payer, payer.client.recordTraining({ statement }))
    const id = eventOf(landed, 'trainingRecord', 'StatementRecorded').args.recordId
    if (id !== hashStatement({ contracts, chainId: network.chainId, statement })) {
      throw new Error('The record has another id than its statement')
    }
    return { value: id, told: `The payer puts it on record and signs: ${id}`, ...costOf(landed) }
  })
  await steps.play('countersign', 'Countersigned', async () => {
    const landed = await land(provider, provider.client.countersignTraining({ recordId, party: 'provider' }))
    const { isSignedByBoth } = await payer.client.getTrainingRecord({ recordId })
    if (!isSignedByBoth) throw new Error('The record does not bear both signatures')
    return {
      value: undefined,
      told: 'The provider, on whose machine it ran, countersigns',
      ...costOf(landed),
    }
  })
  const datum = training.chunks[checkedChunk]
  if (datum === undefined) throw new Error(`There is no chunk ${checkedChunk}`)
  const proof = training.dataset.proofOf(datum)
  await steps.play('verify', 'A datum is verified', async () => {
    const onChain = await buyer.client.verifyDatum({ recordId, datum, proof })
    if (!onChain || !isDatumIn({ root: statement.datasetRoot, datum, proof })) {
      throw new Error('A datum of the dataset is not found in it')
    }
    return {
      value: undefined,
      told: `Chunk ${checkedChunk} is proven by ${proof.length} hashes: the chain says it was trained on`,
    }
  })
  await steps.play('flip', 'One byte is flipped', async () => {
    const flipped = datum.slice()
    flipped[0] = (flipped[0] ?? 0) ^ 0xff
    if (await buyer.client.verifyDatum({ recordId, datum: flipped, proof })) {
      throw new Error('The chain takes a datum that was tampered with')
    }
    return { value: undefined, told: 'With one byte flipped the chain refuses it' }
  })
  return { recordId, training }
}
