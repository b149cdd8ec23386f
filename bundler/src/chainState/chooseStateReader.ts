// How this node can be read: by programs where it takes state overrides, by proofs where it does not.
import { type PublicClient, zeroAddress, zeroHash } from 'viem'
import { createProgramReader } from './programReader.ts'
import { createProofReader } from './proofReader.ts'
import type { StateQuery } from './stateQuery.ts'
import type { StateReader } from './stateReader.ts'

export type StateReaderName = StateReader['name']

/** The best first. */
export const stateReaders: Readonly<Record<StateReaderName, (client: PublicClient) => StateReader>> = {
  program: createProgramReader,
  proof: createProofReader,
}

/** One of everything a reader must bring. */
const sample: StateQuery = {
  accounts: [{ address: zeroAddress, withCode: true }],
  slots: [{ address: zeroAddress, slots: [zeroHash] }],
  nonces: [zeroAddress],
  blockHashes: [],
}

/** Throws, with what each way failed on, when the node can be read in none. */
export async function chooseStateReader(client: PublicClient): Promise<StateReader> {
  const { number, hash } = await client.getBlock()
  const block = { number, hash }
  const failures: unknown[] = []
  for (const name of Object.keys(stateReaders) as StateReaderName[]) {
    const reader = stateReaders[name](client)
    try {
      await reader.read(block, sample)
      return reader
    } catch (error) {
      failures.push(error)
    }
  }
  throw new AggregateError(
    failures,
    'the node lets its state be read neither by eth_call with state overrides nor by eth_getProof, at a block hash: use another node',
  )
}
