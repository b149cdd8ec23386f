// Something to see in a console: a lease on the house, and a wish that no policy grants.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Address, createPublicClient, createWalletClient, type Hash, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFile } from '../devnet/startDevnet.ts'

/** For one who pays the gas in the token. */
const gasWei = parseEther('1')

export type Renter = {
  readonly address: Address
  /** Sponsored; resolves once it has landed. */
  rent(): Promise<{ readonly hash: Hash; readonly leaseId: bigint }>
  /** The refusal's message. */
  askWhatIsRefused(): Promise<string>
}

/** `policyId`: whose sponsoring it asks for; the operator's default where none is named. */
export async function createRenter(
  devnet: DevnetFile,
  options: { readonly policyId?: string; readonly gasFrom?: 'sponsor' | 'wallet' } = {},
): Promise<Renter> {
  const { policyId, gasFrom = 'sponsor' } = options
  const { rpcUrl, bundlerUrl, contracts, faucetKey } = devnet
  const chain = { chain: worldland, transport: http(rpcUrl), pollingInterval: 200 }
  const client = createPublicClient(chain)
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toSimpleSmartAccount({
    client,
    owner,
    entryPoint: { address: entryPoint07Address, version: '0.7' },
    factoryAddress: contracts.simpleAccountFactory,
  })
  const renter = createComputeClient({
    account,
    bundlerUrl,
    contracts,
    gasFrom,
    sponsorshipPolicyId: policyId,
  })
  const faucet = createWalletClient({ account: privateKeyToAccount(faucetKey), ...chain })
  return {
    address: account.address,
    async rent() {
      const [offer] = await renter.findOffers({ gpuModel: '4090' })
      if (offer === undefined) throw new Error('Nobody offers a 4090')
      const { offerId } = offer
      const { totalWei } = await renter.quoteRental({ offerId, seconds: 600 })
      await waitForCalls(
        faucet,
        await wrapCoin(faucet, { contracts, amountWei: totalWei + gasWei, to: account.address }),
      )
      const accessPublicKey = createSealingKey().publicKey
      const sealedRequest = await renter.sealRentalRequest({ offerId, accessPublicKey })
      const hash = await renter.rentInstance({ offerId, seconds: 600, sealedRequest })
      const { leaseId } = await renter.waitForRental({ hash })
      return { hash, leaseId }
    },
    async askWhatIsRefused() {
      const call = {
        to: contracts.token,
        abi: computeTokenAbi,
        functionName: 'transfer',
        args: [account.address, 1n],
      } as const
      return await renter.sendUserOperation({ calls: [call] }).then(
        () => Promise.reject(new Error('It was sponsored')),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
    },
  }
}
