// Where the compute market stands on a chain. `npm run deploy -- --output` and .devnet/devnet.json write this
// record.
import type { Address } from 'viem'

export type ComputeContracts = {
  /** ComputeToken: the native coin as an ERC-20, one to one. */
  readonly token: Address
  readonly providerRegistry: Address
  readonly offerBook: Address
  /** Who may command a lease or session, for how much, until when. */
  readonly usageRights: Address
  readonly trainingRecord: Address
  readonly instanceLease: Address
  readonly serverlessSession: Address
  readonly modelNft: Address
  readonly paymaster: Address
  /** BundleGuard: a bundler's `handleOps` that leaves out what is stale. */
  readonly bundleGuard: Address
  readonly simpleAccountFactory: Address
  readonly computeAccountFactory: Address
  /** Who may bundle, and when. */
  readonly bundlerRegistry: Address
}

/** What every action needs to know beside its client. */
export type WithContracts = { readonly contracts: ComputeContracts }
