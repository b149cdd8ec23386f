// Reads any number of accounts and slots by two eth_calls, through programs in the place of contracts' code
// (state overrides). One call, one state: nothing within it can be of two blocks.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, type PublicClient, slice } from 'viem'
import { createHashReader, type HashReader, hashOfNoCode } from './hashReader.ts'
import {
  accountsInput,
  accountsProgram,
  gatherInput,
  gatherProgram,
  readerAddress,
  slotsProgram,
} from './readingPrograms.ts'
import type { AccountAnswer, AccountQuery, SlotsQuery } from './stateQuery.ts'
import type { StateReader } from './stateReader.ts'

export function createProgramReader(client: PublicClient): StateReader {
  const node = createHashReader(client)
  return {
    name: 'program',
    partsEachBlock: 8_000,
    async read(block, query) {
      const [accounts, slots, nonces, blockHashes] = await Promise.all([
        readAccounts(node, block, query.accounts),
        readSlots(node, block, query.slots),
        Promise.all(query.nonces.map(address => node.nonce(address, block))),
        Promise.all(query.blockHashes.map(number => node.blockHash(number, block))),
      ])
      return { accounts, slots, nonces, blockHashes }
    },
  }
}

async function readAccounts(
  node: HashReader,
  block: BlockReference,
  accounts: readonly AccountQuery[],
): Promise<readonly AccountAnswer[]> {
  const words = await run(node, block, {
    data: accountsInput(accounts.map(({ address }) => address)),
    overrides: { [readerAddress]: { code: accountsProgram } },
    words: 2 * accounts.length,
  })
  return await Promise.all(
    accounts.map(async ({ address, withCode }, index) => {
      const balanceWei = BigInt(words[2 * index] as Hex)
      const codeHash = words[2 * index + 1] as Hex
      const hasCode = BigInt(codeHash) !== 0n && codeHash !== hashOfNoCode
      if (!withCode || !hasCode) return { balanceWei, codeHash }
      return { balanceWei, codeHash, code: await node.code(address, codeHash, block) }
    }),
  )
}

async function readSlots(
  node: HashReader,
  block: BlockReference,
  contracts: readonly SlotsQuery[],
): Promise<readonly (readonly bigint[])[]> {
  const readable = Object.fromEntries(contracts.map(({ address }) => [address, { code: slotsProgram }]))
  const words = await run(node, block, {
    data: gatherInput(contracts),
    overrides: { ...readable, [readerAddress]: { code: gatherProgram } },
    words: contracts.reduce((sum, { slots }) => sum + slots.length, 0),
  })
  let next = 0
  return contracts.map(({ slots }) => slots.map(() => BigInt(words[next++] as Hex)))
}

/** What the program at the reader's address returns: exactly so many words, or it throws. */
async function run(
  node: HashReader,
  block: BlockReference,
  call: { data: Hex; overrides: Readonly<Record<Address, { code: Hex }>>; words: number },
): Promise<readonly Hex[]> {
  if (call.words === 0) return []
  const answer = await node.request<Hex>(
    { method: 'eth_call', before: [{ to: readerAddress, data: call.data }], behind: [call.overrides] },
    block,
  )
  if (answer.length !== 2 + 64 * call.words) {
    throw new Error('The node does not run programs in the place of code (state overrides in eth_call)')
  }
  return Array.from({ length: call.words }, (_, index) => slice(answer, 32 * index, 32 * index + 32))
}
