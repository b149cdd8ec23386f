// Double-entry books of the full story: at the end of every chapter each balance on the chain must be what
// the chapter's events say, to the wei, and nobody may hold native coin.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
import { getComputeEvents } from '@worldland-aa/sdk/events/getComputeEvents'
import { type Address, getAddress } from 'viem'
import type { DevnetFile } from '../../devnet/startDevnet.ts'
import type { NodeClient } from '../marketClient.ts'
import { burnt, type MoneyMemory, type Move, moneyMoved, outside } from './moneyMoved.ts'
import { tankLines } from './tankBooks.ts'

export type AccountLine = {
  readonly name: string
  readonly address: Address
  readonly wei: bigint
  readonly changeWei: bigint
}
export type ChapterBooks = {
  readonly fromBlock: bigint
  readonly toBlock: bigint
  /** Token wei; the changes of all of them sum to nothing. */
  readonly accounts: readonly AccountLine[]
  /** What the paymaster took for gas, token wei, and what that gas cost its deposit, native wei. */
  readonly gas: { readonly collectedWei: bigint; readonly paidWei: bigint }
}

export type Ledger = {
  /** Ends a chapter's books; throws, naming the account, when one is off by a wei. */
  close(): Promise<ChapterBooks>
}

export async function openLedger(
  network: DevnetFile,
  options: { readonly client: NodeClient; readonly people: readonly { name: string; address: Address }[] },
): Promise<Ledger> {
  const { contracts } = network
  const { client, people } = options
  const names = namesOf(contracts, people)
  const accounts = [...names.keys()]
  const memory: MoneyMemory = { brokers: new Map() }
  const { pingDepositWei } = await client.readContract({
    address: contracts.instanceLease,
    abi: instanceLeaseAbi,
    functionName: 'parameters',
  })
  let block = await client.getBlockNumber({ cacheTime: 0 })
  let balances = await balancesAt(client, { contracts, accounts, block })

  return {
    async close() {
      const fromBlock = block + 1n
      const toBlock = await client.getBlockNumber({ cacheTime: 0 })
      const [after, events, gas] = await Promise.all([
        balancesAt(client, { contracts, accounts, block: toBlock }),
        getComputeEvents(client, { contracts, fromBlock, toBlock }),
        gasOf(client, { network, fromBlock, toBlock }),
      ])
      const moves = events.flatMap(event => moneyMoved(event, { contracts, pingDepositWei, memory }))
      const lines = accounts.map((account, index): AccountLine => {
        const name = names.get(account) ?? account
        const [before, now] = [balances[index] ?? 0n, after[index] ?? 0n]
        assertEqual(name, { actual: now - before, expected: changeOf(account, moves) })
        return { name, address: account, wei: now, changeWei: now - before }
      })
      // Also a party whom nobody named has to be in the books.
      const sum = lines.reduce((total, { changeWei }) => total + changeWei, 0n)
      assertEqual('all together', { actual: sum, expected: 0n })
      for (const { name, actualWei, expectedWei } of await tankLines(client, {
        contracts,
        people,
        events,
        fromBlock,
        toBlock,
      })) {
        assertEqual(name, { actual: actualWei, expected: expectedWei })
      }
      const collectedWei = events.reduce((total, event) => total + chargedBy(event), 0n)
      if (collectedWei < gas.paidWei) throw new Error('The paymaster collected less than the gas cost it')
      for (const { name, address } of people) {
        assertEqual(`native coin of ${name}`, { actual: await client.getBalance({ address }), expected: 0n })
      }
      block = toBlock
      balances = after
      return { fromBlock, toBlock, accounts: lines, gas: { collectedWei, paidWei: gas.paidWei } }
    },
  }
}

function namesOf(
  contracts: ComputeContracts,
  people: readonly { name: string; address: Address }[],
): ReadonlyMap<Address, string> {
  return new Map([
    ...people.map(({ name, address }) => [getAddress(address), name] as const),
    [getAddress(contracts.instanceLease), 'lease escrow'],
    [getAddress(contracts.serverlessSession), 'session escrow'],
    [getAddress(contracts.providerRegistry), 'bonds'],
    [getAddress(contracts.modelNft), 'model sales'],
    [getAddress(contracts.paymaster), 'paymaster'],
    [burnt, 'burnt'],
    [outside, 'not in circulation'],
  ])
}

function chargedBy(event: ComputeEvent): bigint {
  const isCharge = event.eventName === 'TokenCharged' || event.eventName === 'TankCharged'
  return isCharge ? event.args.chargeWei : 0n
}

function changeOf(account: Address, moves: readonly Move[]): bigint {
  return moves.reduce(
    (sum, { from, to, wei }) =>
      sum + (getAddress(to) === account ? wei : 0n) - (getAddress(from) === account ? wei : 0n),
    0n,
  )
}

function assertEqual(what: string, { actual, expected }: { actual: bigint; expected: bigint }): void {
  if (actual === expected) return
  throw new Error(`The books do not add up: ${what}: ${actual} wei instead of ${expected} wei`)
}

async function balancesAt(
  client: NodeClient,
  of: { contracts: ComputeContracts; accounts: readonly Address[]; block: bigint },
): Promise<readonly bigint[]> {
  const token = { address: of.contracts.token, abi: computeTokenAbi, blockNumber: of.block } as const
  return await Promise.all(
    of.accounts.map(async account =>
      account === outside
        ? -(await client.readContract({ ...token, functionName: 'totalSupply' }))
        : await client.readContract({ ...token, functionName: 'balanceOf', args: [account] }),
    ),
  )
}

/** What operations cost the paymaster; its deposit must have lost just that, unless it was filled up meanwhile. */
async function gasOf(
  client: NodeClient,
  range: { network: DevnetFile; fromBlock: bigint; toBlock: bigint },
): Promise<{ paidWei: bigint }> {
  const { network, fromBlock, toBlock } = range
  const { paymaster } = network.contracts
  const entryPoint = { address: network.entryPoint, abi: entryPoint07Abi } as const
  const blocks = { fromBlock, toBlock, strict: true } as const
  const depositAt = (blockNumber: bigint) =>
    client.readContract({ ...entryPoint, functionName: 'balanceOf', args: [paymaster], blockNumber })
  const [operations, fillings, before, after] = await Promise.all([
    client.getContractEvents({
      ...entryPoint,
      eventName: 'UserOperationEvent',
      args: { paymaster },
      ...blocks,
    }),
    client.getContractEvents({
      ...entryPoint,
      eventName: 'Deposited',
      args: { account: paymaster },
      ...blocks,
    }),
    depositAt(fromBlock - 1n),
    depositAt(toBlock),
  ])
  const paidWei = operations.reduce((sum, { args }) => sum + args.actualGasCost, 0n)
  if (fillings.length === 0) {
    assertEqual("the paymaster's deposit", { actual: after - before, expected: -paidWei })
  }
  return { paidWei }
}
