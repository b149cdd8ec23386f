// The client that a renter has: one smart account, the bundler's prices, gas in the compute token, patience for
// proof of work, and every refusal in a sentence. All of it can be put together by hand as well.
import { type Chain, type Client, createPublicClient, http, type Transport } from 'viem'
import {
  type BundlerClient,
  type BundlerClientConfig,
  createBundlerClient,
  createPaymasterClient,
  type SmartAccount,
} from 'viem/account-abstraction'
import { bundlerFees } from '../account/bundlerFees.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { worldland } from '../chains/worldland.ts'
import { type ComputeReadActions, type ComputeWriteActions, computeActions } from './computeActions.ts'
import { computeErrors } from './computeErrors.ts'

/** `sponsor`: the paymaster's operator pays, by a policy of its own; `coin`: the account itself, in native coin. */
export type ClientGasSource = 'wallet' | 'tank' | 'sponsor' | 'coin'

export type CreateComputeClientParameters<account extends SmartAccount = SmartAccount> = WithContracts & {
  readonly account: account
  /** The bundler's address, or a transport of viem. */
  readonly bundlerUrl: string | Transport
  /** The node's. Default: the client that the account was made with. */
  readonly rpcUrl?: string | Transport | undefined
  /** The paymaster's. Default: the bundler's, which answers for it. */
  readonly paymasterUrl?: string | Transport | undefined
  /**
   * Out of what gas is paid: the compute tokens of the account (`wallet`, the default) or of its gas tank, the
   * operator's `sponsor`ing, or the account's native coin. Each action's `gasFrom` goes before it.
   */
  readonly gasFrom?: ClientGasSource | undefined
  /** Which policy is to sponsor. Default: the operator's default. */
  readonly sponsorshipPolicyId?: string | undefined
  /** Default: WorldLand. */
  readonly chain?: Chain | undefined
  /** Milliseconds between two looks at chain and bundler. Default: 2,000. */
  readonly pollingInterval?: number | undefined
}
export type ComputeClient<account extends SmartAccount = SmartAccount> = BundlerClient<
  Transport,
  Chain,
  account,
  Client
> &
  ComputeReadActions &
  ComputeWriteActions

/** Blocks come every ten seconds on average: what lands is seen soon after, and nobody is asked for nothing. */
const defaultPollingMilliseconds = 2_000
/** As `waitForUserOperation` waits; viem gives up after two minutes, in which there may be no block at all. */
const patientBlocks = 60

/**
 * Creates the client of a smart account: viem's bundler actions, and the market's.
 *
 * @example
 * import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
 * import { createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
 *
 * const account = await toComputeAccount({ client: publicClient, contracts, owner })
 * const renter = createComputeClient({ account, bundlerUrl, contracts })
 * const hash = await renter.rentInstance({ offerId: 1n, seconds: 3600 })
 */
export function createComputeClient<account extends SmartAccount>(
  parameters: CreateComputeClientParameters<account>,
): ComputeClient<account> {
  const { account, contracts, bundlerUrl, rpcUrl, paymasterUrl, chain = worldland } = parameters
  const { pollingInterval = defaultPollingMilliseconds } = parameters
  const node =
    rpcUrl === undefined ? (account.client as Client) : createPublicClientOf(rpcUrl, chain, pollingInterval)
  return createBundlerClient({
    account,
    chain,
    client: node,
    transport: toTransport(bundlerUrl),
    pollingInterval,
    ...paymasterOf(parameters, paymasterUrl),
    userOperation: { estimateFeesPerGas: ({ bundlerClient }) => bundlerFees(bundlerClient) },
  })
    .extend(client => ({
      waitForUserOperationReceipt: (wanted: Parameters<typeof client.waitForUserOperationReceipt>[0]) =>
        client.waitForUserOperationReceipt({
          timeout: patientBlocks * (chain.blockTime ?? worldland.blockTime),
          ...wanted,
        }),
    }))
    .extend(computeErrors)
    .extend(computeActions({ contracts })) as unknown as ComputeClient<account>
}

function createPublicClientOf(url: string | Transport, chain: Chain, pollingInterval: number): Client {
  return createPublicClient({ chain, transport: toTransport(url), pollingInterval }) as Client
}

function toTransport(url: string | Transport): Transport {
  return typeof url === 'string' ? http(url) : url
}

function paymasterOf(
  { contracts, gasFrom = 'wallet', sponsorshipPolicyId }: CreateComputeClientParameters,
  url: string | Transport | undefined,
): Pick<BundlerClientConfig, 'paymaster' | 'paymasterContext'> {
  if (gasFrom === 'coin') return {}
  const paymaster = url === undefined ? true : createPaymasterClient({ transport: toTransport(url) })
  if (gasFrom === 'wallet') return { paymaster, paymasterContext: { token: contracts.token } }
  if (gasFrom === 'tank') return { paymaster, paymasterContext: { tank: true } }
  return sponsorshipPolicyId === undefined
    ? { paymaster }
    : { paymaster, paymasterContext: { sponsorshipPolicyId } }
}
