import { createPublicClient, custom, http } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { worldland } from '../chains/worldland.ts'
import { chainClientOf } from './chainClientOf.ts'
import { computeActions } from './computeActions.ts'
import { createComputeReadClient } from './createComputeReadClient.ts'

const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const
const contracts: ComputeContracts = {
  token: addressOf('1'),
  providerRegistry: addressOf('2'),
  offerBook: addressOf('3'),
  instanceLease: addressOf('4'),
  paymaster: addressOf('5'),
  bundleGuard: addressOf('c'),
  simpleAccountFactory: addressOf('6'),
  usageRights: addressOf('7'),
  trainingRecord: addressOf('8'),
  serverlessSession: addressOf('9'),
  modelNft: addressOf('a'),
  bundlerRegistry: addressOf('d'),
  computeAccountFactory: addressOf('b'),
}
const nothing = custom({ request: () => Promise.reject(new Error('nothing is to be asked')) })

describe('computeActions', () => {
  it("extend viem's own bundler client", () => {
    const client = createBundlerClient({ chain: worldland, transport: nothing }).extend(
      computeActions({ contracts }),
    )
    for (const action of ['findOffers', 'rentInstance', 'stopLease', 'watchLease'] as const) {
      expect(client[action]).toBeTypeOf('function')
    }
  })

  it('refuse to write without an account, and say what to do', async () => {
    const client = createBundlerClient({ chain: worldland, transport: nothing }).extend(
      computeActions({ contracts }),
    )
    await expect(client.claimFault({ leaseId: 1n })).rejects.toThrow(/no smart account.*`account`/s)
  })
})

describe('the client that reads the chain', () => {
  it('is the node beside a bundler client, never the bundler', () => {
    const node = createPublicClient({ chain: worldland, transport: http('http://127.0.0.1:1') })
    expect(chainClientOf(createBundlerClient({ client: node, transport: nothing }))).toBe(node)
  })

  it('is the client itself when it speaks to a node', () => {
    const client = createComputeReadClient({ transport: nothing, contracts })
    expect(chainClientOf(client)).toBe(client)
    expect(client.chain.id).toBe(103)
  })
})
