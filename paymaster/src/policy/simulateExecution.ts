// Plays an operation before it is signed for, by one eth_call with a state override and without its signature: the
// EntryPoint lends its identity by delegateAndRevert, so that factory and account are called by whom, and with how
// much gas, they will be.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import { encodeCall } from '@worldland-aa/service/chain/readWord'
import { type Address, type Hex, hexToBigInt, type PublicClient, slice, toFunctionSelector } from 'viem'
import { encodeOperation, word } from '../encodedOperation.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { callAsEntryPoint } from './callAsEntryPoint.ts'
import type { SequencedAnswer, SequencedCall } from './callSequence.ts'

const allowance = toFunctionSelector('allowance(address,address)')
const balanceOf = toFunctionSelector('balanceOf(address)')

export type ExecutionOutcome = {
  /** Of the deployment, where there is one, and of the account's validation. */
  readonly verificationGas: bigint
  readonly executionGas: bigint
  /** False also where callGasLimit does not suffice. */
  readonly succeeded: boolean
  /**
   * What the sender lets the paymaster take, and what it has, after the execution; wei of the token. Zero where the
   * operator pays: nobody looks then.
   */
  readonly allowanceWei: bigint
  readonly balanceWei: bigint
}

export type Simulation = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly token: Address
  readonly operation: RequestedOperation
  /** Then validation does not touch the token. */
  readonly operatorPays?: boolean
}

export async function simulateExecution(simulation: Simulation): Promise<ExecutionOutcome> {
  const { paymaster, token, operation, operatorPays = false } = simulation
  const { sender } = operation
  const before = [...deployment(operation), ...validation(simulation)]
  const executions = execution(simulation)
  const funds = [
    { to: token, data: encodeCall(allowance, [sender, paymaster]) },
    { to: token, data: encodeCall(balanceOf, [sender]) },
  ]
  const answers = await callAsEntryPoint(simulation, [
    ...before,
    ...executions.map(call => ({ ...call, gas: operation.callGasLimit })),
    ...(operatorPays ? [] : funds),
  ])
  const executed = answers.slice(before.length, before.length + executions.length)
  const [allowed, balance] = answers.slice(before.length + executions.length)
  const deployed = operation.factory === undefined || isDeployed(answers[0], operation)
  return {
    verificationGas: answers.slice(0, before.length).reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    executionGas: executed.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    succeeded: deployed && executed.every(({ success }) => success),
    allowanceWei: firstWord(allowed),
    balanceWei: firstWord(balance),
  }
}

/** Why deployment or execution fails, in words; undefined when they do not, apart from the gas limit. */
export async function findFailure(simulation: Simulation): Promise<string | undefined> {
  const { operation } = simulation
  const factory = deployment(operation)
  const answers = await callAsEntryPoint(simulation, [...factory, ...execution(simulation)])
  const failed = answers.findIndex(answer => !answer.success)
  const answer = answers[failed]
  if (answer !== undefined) {
    const step = failed < factory.length ? 'its factory reverts' : 'its execution reverts'
    return `${step} with ${describeRevert(answer.returnData)}`
  }
  if (factory.length === 0 || isDeployed(answers[0], operation)) return undefined
  return `its factory makes another account than ${operation.sender}`
}

function isDeployed(answer: SequencedAnswer | undefined, { sender }: RequestedOperation): boolean {
  return answer?.success === true && firstWord(answer) === hexToBigInt(sender)
}

function deployment({
  factory,
  factoryData = '0x',
  verificationGasLimit,
}: RequestedOperation): SequencedCall[] {
  return factory === undefined ? [] : [{ to: factory, data: factoryData, gas: verificationGasLimit }]
}

/**
 * What validation touches is warm when the execution begins (EIP-2929), and a tight callGasLimit counts
 * on it. How it ends is of no matter: most signatures are dummies at this point.
 */
function validation(simulation: Simulation): SequencedCall[] {
  const { token, operation, operatorPays = false } = simulation
  const data: Hex = `${validateUserOperationSelector}${word(96)}${word(0)}${word(0)}${encoded(simulation)}`
  const account = { to: operation.sender, data, gas: operation.verificationGasLimit }
  if (operatorPays) return [account]
  return [account, { to: token, data: encodeCall(balanceOf, [operation.sender]) }]
}

const validateUserOperationSelector = '0x19822f7c'
const executeUserOperationSelector = '0x8dd7712f'

/** As the EntryPoint's innerHandleOp calls the account, if it does. */
function execution(simulation: Pick<Simulation, 'operation' | 'paymaster'>): SequencedCall[] {
  const { sender, callData } = simulation.operation
  if (callData === '0x') return []
  if (!callData.startsWith(executeUserOperationSelector)) return [{ to: sender, data: callData }]
  const data: Hex = `${executeUserOperationSelector}${word(64)}${word(0)}${encoded(simulation)}`
  return [{ to: sender, data }]
}

/** With its paymaster, by which a session of an account knows that it does not pay itself; and with no limits of its own. */
function encoded({ operation, paymaster }: Pick<Simulation, 'operation' | 'paymaster'>): string {
  return encodeOperation(operation, `${paymaster}${'0'.repeat(64)}`)
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

function firstWord(answer: SequencedAnswer | undefined): bigint {
  return answer?.success === true ? BigInt(answer.returnData.slice(0, 66)) : 0n
}
