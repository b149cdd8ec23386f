// Plays an operation's execution before it is signed for, by one eth_call with a state override and
// without its signature: the EntryPoint lends its identity by delegateAndRevert and runs its own
// innerHandleOp, so that the account is called by whom, and with how much gas, it will be.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
  type PublicClient,
  slice,
  zeroAddress,
  zeroHash,
} from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { RequestedOperation } from '../requestedOperation.ts'
import { callSequenceCode, readAnswers, type SequencedAnswer, type SequencedCall } from './callSequence.ts'

export type ExecutionOutcome = {
  /** What the sender lets the paymaster take, and what it has, after the execution; wei of the token. */
  readonly allowanceWei: bigint
  readonly balanceWei: bigint
}

type Simulation = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly token: Address
  readonly operation: RequestedOperation
}

export async function simulateExecution(simulation: Simulation): Promise<ExecutionOutcome> {
  const { entryPoint, paymaster, token, operation } = simulation
  const answers = await callInSequence(simulation, [
    ...deployment(operation),
    ...validation(simulation),
    { to: entryPoint, data: innerHandleOp(operation) },
    { to: token, data: encodeToken('allowance', [operation.sender, paymaster]) },
    { to: token, data: encodeToken('balanceOf', [operation.sender]) },
  ])
  const [execution, allowance, balance] = answers.slice(-3)
  if (execution?.success !== true) {
    throw new Error(`The node gives eth_call less gas than a callGasLimit of ${operation.callGasLimit} needs`)
  }
  return { allowanceWei: firstWord(allowance), balanceWei: firstWord(balance) }
}

/** Why the execution fails, in words; undefined when it does not, apart from its gas limit. */
export async function findFailure(simulation: Simulation): Promise<string | undefined> {
  const { operation } = simulation
  const calls = [...deployment(operation), { to: operation.sender, data: operation.callData }]
  const answers = await callInSequence(simulation, calls)
  const failed = answers.findIndex(answer => !answer.success)
  const answer = answers[failed]
  if (answer === undefined) return undefined
  const step = failed === calls.length - 1 ? 'its execution reverts' : 'its factory reverts'
  return `${step} with ${describeRevert(answer.returnData)}`
}

function deployment({ factory, factoryData = '0x' }: RequestedOperation): SequencedCall[] {
  return factory === undefined ? [] : [{ to: factory, data: factoryData }]
}

/**
 * What validation touches is warm when the execution begins (EIP-2929), and a tight callGasLimit counts
 * on it. How it ends is of no matter: most signatures are dummies at this point.
 */
function validation({ token, operation }: Simulation): SequencedCall[] {
  const packed = toPackedUserOperation({ ...operation, signature: operation.signature ?? '0x' })
  const data = encodeFunctionData({
    abi: simpleAccountAbi,
    functionName: 'validateUserOp',
    args: [packed, zeroHash, 0n],
  })
  return [
    { to: operation.sender, data },
    { to: token, data: encodeToken('balanceOf', [operation.sender]) },
  ]
}

/** Runs the callData with exactly callGasLimit; without fees and paymaster, so that nothing is settled. */
function innerHandleOp(operation: RequestedOperation): Hex {
  return encodeFunctionData({
    abi: entryPoint07Abi,
    functionName: 'innerHandleOp',
    args: [
      operation.callData,
      {
        mUserOp: {
          sender: operation.sender,
          nonce: operation.nonce,
          verificationGasLimit: operation.verificationGasLimit,
          callGasLimit: operation.callGasLimit,
          paymasterVerificationGasLimit: 0n,
          paymasterPostOpGasLimit: 0n,
          preVerificationGas: operation.preVerificationGas,
          paymaster: zeroAddress,
          maxFeePerGas: 0n,
          maxPriorityFeePerGas: 0n,
        },
        userOpHash: zeroHash,
        prefund: 0n,
        contextOffset: 0n,
        preOpGas: 0n,
      },
      '0x',
    ],
  })
}

/** Code stands here for the length of one eth_call. */
const sequencer: Address = '0x5e90e9ce5e90e9ce5e90e9ce5e90e9ce5e90e9ce'

async function callInSequence(
  { client, entryPoint }: Simulation,
  calls: readonly SequencedCall[],
): Promise<readonly SequencedAnswer[]> {
  try {
    await client.simulateContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'delegateAndRevert',
      args: [sequencer, '0x'],
      stateOverride: [{ address: sequencer, code: callSequenceCode(calls) }],
    })
  } catch (error) {
    const revert = error instanceof BaseError ? error.walk(isRevert) : null
    if (revert instanceof ContractFunctionRevertedError && revert.data?.errorName === 'DelegateAndRevert') {
      const [success, returned] = revert.data.args as readonly [boolean, Hex]
      if (success) return readAnswers(returned)
    }
    throw new Error('The EntryPoint could not be simulated', { cause: error })
  }
  throw new Error('The EntryPoint did not revert in delegateAndRevert: it is no EntryPoint v0.7')
}

function isRevert(error: unknown): boolean {
  return error instanceof ContractFunctionRevertedError
}

const decodeKnownError = errorDecoder([...computeTokenAbi, ...instanceLeaseAbi])

function describeRevert(returnData: Hex): string {
  const selector = slice(returnData, 0, 4)
  if (selector === '0x00000000') return 'no reason given'
  const error = decodeKnownError(returnData)
  if (error === undefined) return `the error ${selector}`
  const { errorName, args } = error
  return errorName === 'Error' ? `"${args[0]}"` : `${errorName}(${args.join(', ')})`
}

function encodeToken(functionName: 'allowance' | 'balanceOf', args: readonly Address[]): Hex {
  return encodeFunctionData({ abi: computeTokenAbi, functionName, args } as never)
}

function firstWord(answer: SequencedAnswer | undefined): bigint {
  return answer?.success === true ? hexToBigInt(slice(answer.returnData, 0, 32)) : 0n
}
