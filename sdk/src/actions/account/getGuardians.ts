// Who may give an account a new owner, and whether they are about to.
import type { Address, Client, Hex, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as computeAccount from '../../abi/computeAccount.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type GetGuardiansParameters = { readonly computeAccount: Address }
export type GetGuardiansReturnType = {
  readonly guardians: readonly Address[]
  readonly threshold: number
  readonly delayBlocks: number
  /** 20 bytes of an address or 64 of a passkey; `executableBlock` is the first block of execution. */
  readonly recovery: { readonly newOwner: Hex; readonly executableBlock: bigint } | undefined
}
export type GetGuardiansErrorType = ReadContractErrorType

/**
 * Returns an account's guardians, and the recovery they have scheduled, if any.
 *
 * @example
 * import { getGuardians } from '@worldland-aa/sdk/actions/account/getGuardians'
 *
 * const { threshold, recovery } = await getGuardians(publicClient, { computeAccount: account.address })
 */
export async function getGuardians(
  client: Client | SmartAccountClient,
  parameters: GetGuardiansParameters,
): Promise<GetGuardiansReturnType> {
  const account = {
    address: parameters.computeAccount,
    abi: [computeAccount.guardianConfig, computeAccount.scheduledRecovery],
  } as const
  const chainClient = chainClientOf(client)
  const [[guardians, threshold, delayBlocks], [newOwner, executableBlock]] = await Promise.all([
    readContract(chainClient, { ...account, functionName: 'guardianConfig' }),
    readContract(chainClient, { ...account, functionName: 'scheduledRecovery' }),
  ])
  const recovery = newOwner === '0x' ? undefined : { newOwner, executableBlock }
  return { guardians, threshold, delayBlocks, recovery }
}
