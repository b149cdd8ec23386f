// What a paymaster is measured on: the bench's chain, a paymaster with a deep deposit and a stake, and accounts that
// hold tokens and let the paymaster take them.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { type Address, encodeFunctionData, type Hex, maxUint256, parseEther } from 'viem'
import { getUserOperationHash, toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { allowPaymasterSigner } from '../../deploy/paymasterSigners.ts'
import { sendTransactions } from '../../deploy/sendTransactions.ts'
import { type BenchAccount, prepareAccounts } from '../accounts.ts'
import type { StartedChain } from '../benchChain.ts'

export type PaymasterChain = {
  readonly accounts: readonly BenchAccount[]
  readonly signerKey: Hex
}

/** More than all operations of a run may cost together, so that no bound on the deposit is met. */
const depositWei = parseEther('2000')
const stakeWei = parseEther('1')
const tokensWei = parseEther('1')
const accountsPerTransaction = 40
const approvalGas = { callGasLimit: 100_000n, verificationGasLimit: 150_000n, preVerificationGas: 0n }

export async function preparePaymasterChain(chain: StartedChain, count: number): Promise<PaymasterChain> {
  const { funder, entryPoint, factory, contracts } = chain
  const signerKey = generatePrivateKey()
  const signer = privateKeyToAddress(signerKey)
  const allowed = await allowPaymasterSigner({ client: funder, paymaster: contracts.paymaster, signer })
  if (!allowed.ok) throw new Error(allowed.refusal.message)
  await sendTransactions(funder, [
    {
      to: contracts.paymaster,
      data: encodeFunctionData({ abi: computePaymasterAbi, functionName: 'deposit' }),
      value: depositWei,
    },
    {
      to: contracts.paymaster,
      data: encodeFunctionData({ abi: computePaymasterAbi, functionName: 'addStake', args: [86_400] }),
      value: stakeWei,
    },
  ])
  const accounts = await prepareAccounts({ count, entryPoint, factory, funder })
  for (let start = 0; start < accounts.length; start += accountsPerTransaction) {
    await giveTokens(chain, accounts.slice(start, start + accountsPerTransaction))
  }
  return { accounts, signerKey }
}

/** What every operation of a run does as well, so that none is larger than another. */
export function approvalCall(token: Address, paymaster: Address): Hex {
  const approval = encodeFunctionData({
    abi: computeTokenAbi,
    functionName: 'approve',
    args: [paymaster, maxUint256],
  })
  return encodeFunctionData({ abi: simpleAccountAbi, functionName: 'execute', args: [token, 0n, approval] })
}

async function giveTokens(chain: StartedChain, accounts: readonly BenchAccount[]): Promise<void> {
  const { funder, entryPoint, contracts } = chain
  await sendTransactions(
    funder,
    accounts.map(({ address }) => ({
      to: contracts.token,
      data: encodeFunctionData({ abi: computeTokenAbi, functionName: 'depositTo', args: [address] }),
      value: tokensWei,
    })),
  )
  const { baseFeePerGas } = await funder.getBlock()
  const operations = await Promise.all(
    accounts.map(async ({ address, owner }) => {
      const operation: UserOperation<'0.7'> = {
        sender: address,
        nonce: 0n,
        callData: approvalCall(contracts.token, contracts.paymaster),
        ...approvalGas,
        maxFeePerGas: (baseFeePerGas ?? 0n) * 2n + 1n,
        maxPriorityFeePerGas: 1n,
        signature: '0x',
      }
      const hash = getUserOperationHash({
        userOperation: operation,
        chainId: funder.chain.id,
        entryPointAddress: entryPoint,
        entryPointVersion: '0.7',
      })
      return { ...operation, signature: await owner.signMessage({ message: { raw: hash } }) }
    }),
  )
  await sendTransactions(funder, [
    {
      to: entryPoint,
      data: encodeFunctionData({
        abi: entryPoint07Abi,
        functionName: 'handleOps',
        args: [operations.map(operation => toPackedUserOperation(operation)), funder.account.address],
      }),
    },
  ])
}
