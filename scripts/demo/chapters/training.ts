// A training as far as its record is concerned: a dataset, and weights encrypted with a key that can be sold.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { hashModelKey, modelSeal } from '@worldland-aa/sdk/actions/model/modelSeal'
import { createDataTree, type DataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { splitIntoChunks } from '@worldland-aa/sdk/actions/provenance/splitIntoChunks'
import { type Address, bytesToHex, type Hex, hexToBytes } from 'viem'

export type Training = {
  readonly chunks: readonly Uint8Array[]
  readonly dataset: DataTree
  readonly weights: Uint8Array
  readonly encryptedWeights: Uint8Array
  /** What the weights are encrypted with, and what is promised of it. */
  readonly key: Hex
  readonly keyHash: Hex
  /** Binds the result to its creator and the key; one of its artifacts. */
  readonly seal: Hex
  readonly result: DataTree
}

const datasetBytes = 1_048_576
const chunkBytes = 4_096
const weightsBytes = 65_536
const cipher = 'aes-256-ctr'
const startBytes = 16

export function simulateTraining(creator: Address): Training {
  const chunks = splitIntoChunks(randomBytes(datasetBytes), { chunkBytes })
  const weights = randomBytes(weightsBytes)
  const key = bytesToHex(randomBytes(32))
  const start = randomBytes(startBytes)
  const encrypted = createCipheriv(cipher, hexToBytes(key), start).update(weights)
  const encryptedWeights = Buffer.concat([start, encrypted])
  const keyHash = hashModelKey(key)
  const seal = modelSeal({ creator, keyHash })
  return {
    chunks,
    dataset: createDataTree(chunks),
    weights,
    encryptedWeights,
    key,
    keyHash,
    seal,
    result: createDataTree([encryptedWeights, seal]),
  }
}

export function decryptWeights(encryptedWeights: Uint8Array, key: Hex): Uint8Array {
  const start = encryptedWeights.subarray(0, startBytes)
  return createDecipheriv(cipher, hexToBytes(key), start).update(encryptedWeights.subarray(startBytes))
}
