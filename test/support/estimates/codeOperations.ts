// Operations that call code written for the corpus: each kind is awkward for gas in a way of its own.
import {
  assemble,
  creationCode,
  factoryCode,
  revertingCode,
  revertUnless,
} from '@worldland-aa/bundler/validation/testing/assemble'
import { type Address, concatHex, type Hex, size } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { Random } from '../random.ts'
import type { EstimateStage } from './estimateStage.ts'
import {
  type CallOfAccount,
  computeAccount,
  deploy,
  keyNumber,
  type Subject,
  simpleAccount,
  subjectOf,
} from './senders.ts'

type Kind = {
  readonly title: string
  readonly looksAtGas?: boolean
  target(stage: EstimateStage, random: Random): Promise<CallOfAccount>
}

/** A loop of `rounds` × about 30 gas. */
function burnerCode(rounds: number, afterwards = '1 1 SSTORE'): Hex {
  const count = assemble(`${rounds + 0x10000}`)
  return concatHex([
    count,
    assemble(`JUMPDEST 1 SWAP1 SUB DUP1 0xffff LT ${size(count)} JUMPI ${afterwards}`),
  ])
}
const call = (target: Address, gas = 'GAS', value = '0'): string =>
  `0 0 0 0 ${value} ${target} ${gas} CALL POP`
const writes = (count: number, value: number): string =>
  Array.from({ length: count }, (_, slot) => `${value} ${slot} SSTORE`).join(' ')
const filled = (count: number): bigint[] => Array.from({ length: count }, (_, slot) => BigInt(slot + 5))

async function chainOf(
  stage: EstimateStage,
  depth: number,
  end: Address,
  afterwards: string,
): Promise<Address> {
  let target = end
  for (let level = 0; level < depth; level++) {
    target = await stage.place(assemble(`${call(target)} ${afterwards}`))
  }
  return target
}

const kinds: readonly Kind[] = [
  {
    title: 'bytes',
    target: async (stage, random) => ({
      to: await stage.place('0x00'),
      data: `0x${random.between(0, 1) ? 'a7'.repeat(random.between(0, 6_000)) : '00'.repeat(random.between(0, 6_000))}`,
    }),
  },
  {
    title: 'arithmetic',
    target: async (stage, random) => ({ to: await stage.place(burnerCode(random.between(1, 20_000))) }),
  },
  {
    title: 'slots set',
    target: async (stage, random) => ({ to: await stage.place(assemble(writes(random.between(1, 20), 1))) }),
  },
  {
    title: 'slots cleared',
    target: async (stage, random) => {
      const count = random.between(1, 20)
      return { to: await stage.place(assemble(writes(count, 0)), filled(count)) }
    },
  },
  {
    title: 'slots set and cleared',
    target: async (stage, random) => {
      const count = random.between(1, 12)
      return { to: await stage.place(assemble(`${writes(count, 7)} ${writes(count, 0)}`)) }
    },
  },
  {
    title: 'a note of the blocks that passed, none yet at the head',
    target: async stage => ({
      to: await stage.place(assemble('0 SLOAD NUMBER SUB 1 SSTORE'), [stage.head().number + 1n]),
    }),
  },
  {
    title: 'a guard put back at the end',
    target: async (stage, random) => {
      const burner = await stage.place(burnerCode(random.between(0, 300)))
      return { to: await stage.place(assemble(`2 0 SSTORE ${call(burner)} 1 0 SSTORE`), [1n]) }
    },
  },
  {
    title: 'a deep chain',
    target: async (stage, random) => {
      const burner = await stage.place(burnerCode(random.between(100, 8_000)))
      return { to: await chainOf(stage, random.between(5, 20), burner, '') }
    },
  },
  {
    title: 'a deep chain that works on its way back',
    target: async (stage, random) => {
      const burner = await stage.place(burnerCode(random.between(100, 8_000)))
      return { to: await chainOf(stage, random.between(5, 20), burner, '1 1 SSTORE') }
    },
  },
  {
    title: 'a revert caught',
    target: async (stage, random) => {
      const reverting = await stage.place(
        concatHex([burnerCode(random.between(1, 3_000), ''), revertingCode]),
      )
      return { to: await stage.place(assemble(`${call(reverting)} 1 1 SSTORE`)) }
    },
  },
  {
    title: 'a call starved on purpose',
    target: async (stage, random) => {
      const burner = await stage.place(burnerCode(5_000))
      const gas = random.between(3_000, 60_000)
      return { to: await stage.place(assemble(`${call(burner, `${gas}`)} 1 1 SSTORE`)) }
    },
  },
  {
    title: 'a value passed on',
    target: async (stage, random) => {
      const receiver = await stage.place(random.between(0, 1) ? '0x' : assemble('1 0 0 LOG0'))
      const to = await stage.place(assemble(call(receiver, 'GAS', 'CALLVALUE')))
      return { to, value: BigInt(random.between(1, 1_000)) }
    },
  },
  {
    title: 'a creation',
    target: async (stage, random) => ({
      to: await stage.place(factoryCode('', `0x${'5b'.repeat(random.between(1, 3_000))}`)),
    }),
  },
  {
    title: 'a creation that works',
    target: async (stage, random) => ({
      to: await stage.place(
        factoryCode(writes(random.between(0, 3), 1), creationCode(burnerCode(random.between(1, 100)))),
      ),
    }),
  },
  {
    title: 'logs, hashes and memory',
    target: async (stage, random) => ({
      to: await stage.place(
        assemble(
          `${random.between(32, 20_000)} 0 KECCAK256 POP ${random.between(1, 2_000)} 0 LOG0 0 0 ${random.between(1, 4_000)} 0 2 GAS STATICCALL POP`,
        ),
      ),
    }),
  },
  {
    title: 'a demand for more gas than it uses',
    looksAtGas: true,
    target: async (stage, random) => ({
      to: await stage.place(
        concatHex([revertUnless(`${random.between(60_000, 400_000)} GAS GT`), assemble('1 1 SSTORE')]),
      ),
    }),
  },
  {
    title: 'a demand for gas at the far end',
    looksAtGas: true,
    target: async (stage, random) => {
      const greedy = await stage.place(
        concatHex([revertUnless(`${random.between(60_000, 200_000)} GAS GT`), assemble('1 1 SSTORE')]),
      )
      // The failure of the end fails the chain.
      const relay = (next: Address): Hex => revertUnless(`0 0 0 0 0 ${next} GAS CALL`)
      return { to: await stage.place(relay(await stage.place(relay(greedy)))) }
    },
  },
]

/** Each kind, `rounds` times, from accounts of either sort, deployed and not. */
export async function* codeSubjects(
  stage: EstimateStage,
  random: Random,
  rounds: number,
): AsyncGenerator<Subject> {
  const deployed = [await simpleAccount(stage, 0), await computeAccount(stage, keyNumber(1), 0)]
  for (const account of deployed) {
    await deploy(stage, account)
    await stage.chain.anvil.setBalance({ address: account.address, value: 10n ** 21n })
  }
  let fresh = 1000
  for (let round = 0; round < rounds; round++) {
    for (const [index, kind] of kinds.entries()) {
      const target = await kind.target(stage, random)
      const isFresh = random.between(0, 2) === 0
      let account = deployed[(round + index) % 2] as SmartAccount
      if (isFresh) {
        fresh++
        account = random.between(0, 1)
          ? await simpleAccount(stage, fresh)
          : await computeAccount(stage, keyNumber(fresh), 0)
        if (target.value)
          await stage.chain.anvil.setBalance({ address: account.address, value: target.value })
      }
      const subject = await subjectOf(`${kind.title}${isFresh ? ', undeployed' : ''}`, account, [target])
      yield { ...subject, looksAtGas: kind.looksAtGas ?? false }
    }
  }
}
