// Reads the contracts that the service is to serve, and refuses to start on wrong ones: who is told at
// the start mends it in a minute, who is told by failing operations needs a day.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { paymasterModeNumber } from '@worldland-aa/sdk/protocol/paymasterLayout'
import { readGenesisHash } from '@worldland-aa/service/chain/readGenesisHash'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type Address, type Hash, isAddressEqual, type PublicClient } from 'viem'
import type { PostOpGasBounds } from '../pricing/paymasterGas.ts'

export type TokenFacts = {
  readonly address: Address
  readonly name: string
  readonly symbol: string
  readonly decimals: number
}

export type ContractFacts = {
  readonly chainId: number
  readonly genesisHash: Hash
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly owner: Address
  readonly token: TokenFacts
  readonly postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>
  /** The least postOp gas limit with which a sponsored operation carries a tip for its bundler. */
  readonly leaderTipPostOpGas: bigint
}

type Place = { readonly client: PublicClient; readonly entryPoint: Address; readonly paymaster: Address }

/** Throws, with the reason and the remedy, when the contracts do not fit together or trust none of `signers`, if there are any. */
export async function readContractFacts(
  place: Place & { readonly signers: readonly Address[] },
): Promise<ContractFacts> {
  const { client, entryPoint, paymaster, signers } = place
  const chainId = await client.getChainId()
  await requireCode(place, entryPoint, `EntryPoint v0.7`, '--entry-point')
  await requireCode(place, paymaster, 'ComputePaymaster', '--paymaster')
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const [itsEntryPoint, itsToken, owner, trusted] = await readPaymaster(place, signers)
  if (!isAddressEqual(itsEntryPoint, entryPoint)) {
    throw new ExitError(
      exitCodes.configuration,
      `the paymaster ${paymaster} belongs to the EntryPoint ${itsEntryPoint}, not to ${entryPoint}: give that one by --entry-point, or another paymaster by --paymaster`,
    )
  }
  if (!trusted) {
    throw new ExitError(
      exitCodes.configuration,
      `${signers.length === 1 ? `${signers[0]} is not a signer` : `None of ${signers.join(', ')} is a signer`} of the paymaster ${paymaster}: its owner ${owner} must call setSigner(${signers[0]}, true), or give the key of a signer by --signer-key-file`,
    )
  }
  const genesisHash = await readGenesisHash(client)
  const bounds = async (mode: PaymasterMode): Promise<PostOpGasBounds> => {
    const [minimum, maximum] = await client.readContract({
      ...contract,
      functionName: 'postOpGasLimitBounds',
      args: [paymasterModeNumber[mode]],
    })
    return { minimum, maximum }
  }
  const [token, leaderTipPostOpGas, sponsor, prepaid, deferred, tank, erc20] = await Promise.all([
    readToken(client, itsToken),
    client.readContract({ ...contract, functionName: 'leaderTipPostOpGasLimit' }),
    bounds('sponsor'),
    bounds('token'),
    bounds('tokenDeferred'),
    bounds('tank'),
    bounds('erc20'),
  ])
  return {
    chainId,
    genesisHash,
    entryPoint,
    paymaster,
    owner,
    token,
    postOpGas: { sponsor, token: prepaid, tokenDeferred: deferred, tank, erc20 },
    leaderTipPostOpGas,
  }
}

async function requireCode({ client }: Place, address: Address, what: string, flag: string): Promise<void> {
  if ((await client.getCode({ address })) !== undefined) return
  throw new ExitError(
    exitCodes.configuration,
    `there is no ${what} at ${address} on chain ${await client.getChainId()}: deploy it (npm run deploy), or give another address by ${flag}`,
  )
}

async function readPaymaster({ client, paymaster }: Place, signers: readonly Address[]) {
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  try {
    return await Promise.all([
      client.readContract({ ...contract, functionName: 'entryPoint' }),
      client.readContract({ ...contract, functionName: 'token' }),
      client.readContract({ ...contract, functionName: 'owner' }),
      isAnyTrusted(client, paymaster, signers),
    ])
  } catch (error) {
    throw new ExitError(
      exitCodes.configuration,
      `the contract at ${paymaster} is no ComputePaymaster: give another by --paymaster`,
      {
        cause: error,
      },
    )
  }
}

async function isAnyTrusted(
  client: PublicClient,
  paymaster: Address,
  signers: readonly Address[],
): Promise<boolean> {
  const contract = { address: paymaster, abi: computePaymasterAbi, functionName: 'isSigner' } as const
  const trusted = await Promise.all(
    signers.map(signer => client.readContract({ ...contract, args: [signer] })),
  )
  return signers.length === 0 || trusted.includes(true)
}

async function readToken(client: PublicClient, address: Address): Promise<TokenFacts> {
  const contract = { address, abi: computeTokenAbi } as const
  const [name, symbol, decimals] = await Promise.all([
    client.readContract({ ...contract, functionName: 'name' }),
    client.readContract({ ...contract, functionName: 'symbol' }),
    client.readContract({ ...contract, functionName: 'decimals' }),
  ])
  return { address, name, symbol, decimals }
}
