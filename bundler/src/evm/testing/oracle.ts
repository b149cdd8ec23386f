// The same message on @ethereumjs/evm: what an execution of ours must agree with.
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { Account, bigIntToBytes, createAddressFromString, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import { type Address, bytesToHex, type Hex } from 'viem'
import type { EvmFork } from '../../chains/evmFork.ts'
import type { ExecutionLog } from '../evm.ts'
import { intrinsicGas } from '../intrinsicGas.ts'
import type { BlockContext, Message } from '../message.ts'
import { rulesOf } from '../rules.ts'
import { hashOfBlock, type World } from './world.ts'

export type OracleResult = {
  readonly success: boolean
  readonly error: string | undefined
  readonly output: Hex
  /** Without intrinsic gas, and no refund taken off. */
  readonly executionGas: bigint
  readonly gasRefund: bigint
  readonly logs: readonly ExecutionLog[]
  /** Afterwards, of every account that exists; destroyed ones and slots of 0 left out. */
  readonly accounts: ReadonlyMap<Address, PlainAccount>
}

export type PlainAccount = {
  readonly balance: bigint
  readonly nonce: bigint
  readonly codeHash: Hex
  readonly storage: ReadonlyMap<Hex, bigint>
}

// biome-ignore lint/suspicious/noExplicitAny: all that the precompile asks
const noProof = { verifyProof: () => false, verifyKzgProof: () => false } as any

export type OracleRequest = {
  readonly world: World
  readonly block: BlockContext
  readonly fork: EvmFork
  readonly message: Message
  readonly onStep?: (step: OracleStep) => void
}

export type OracleStep = {
  readonly depth: number
  readonly pc: number
  readonly opcode: number
  readonly gasLeft: bigint
  readonly stack: readonly bigint[]
  readonly address: Address
}

export async function createOracle({ world, block, fork }: Pick<OracleRequest, 'world' | 'block' | 'fork'>) {
  const common = new Common({
    chain: { ...Mainnet, chainId: Number(block.chainId) },
    hardfork: fork,
    params: {},
    // Random input proves nothing; point evaluation has a test of its own.
    customCrypto: { kzg: noProof },
  })
  const stateManager = new SimpleStateManager({ common })
  for (const [address, { balance, nonce, code, storage }] of world.accounts) {
    const key = createAddressFromString(address)
    await stateManager.putAccount(key, new Account(nonce, balance))
    if (code.length > 0) await stateManager.putCode(key, code.bytes)
    for (const [slot, value] of storage) {
      await stateManager.putStorage(key, hexToBytes(slot), bigIntToBytes(value))
    }
  }
  const blockchain = {
    getBlock: async (number: bigint) => ({ hash: () => hexToBytes(hashOfBlock(BigInt(number))) }),
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  }
  // biome-ignore lint/suspicious/noExplicitAny: only what the interpreter asks of a chain
  const evm = await createEVM({ common, stateManager, blockchain: blockchain as any })
  return { evm, stateManager }
}

export async function runOracle(request: OracleRequest): Promise<OracleResult> {
  const { block, fork, message } = request
  const { evm, stateManager } = await createOracle(request)
  const sender = createAddressFromString(message.from)
  evm.journal.addAlwaysWarmAddress(message.from.slice(2))
  if (message.to !== undefined) evm.journal.addAlwaysWarmAddress(message.to.slice(2))
  for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address)
  const rules = rulesOf(fork, false)
  if (rules.warmsCoinbase) evm.journal.addAlwaysWarmAddress(block.coinbase.slice(2))
  const intrinsic = BigInt(intrinsicGas(rules, message.data, message.to === undefined).gas)

  const { onStep } = request
  if (onStep !== undefined) {
    evm.events.on('step', ({ depth, pc, opcode, gasLeft, stack, address }, resolve) => {
      onStep({ depth, pc, opcode: opcode.code, gasLeft, stack: [...stack], address: address.toString() })
      resolve?.()
    })
  }
  const { execResult } = await evm.runCall({
    caller: sender,
    ...(message.to !== undefined && { to: createAddressFromString(message.to) }),
    data: hexToBytes(message.data),
    value: message.valueWei,
    gasLimit: message.gas - intrinsic,
    gasPrice: message.gasPriceWei ?? 0n,
    // biome-ignore lint/suspicious/noExplicitAny: a header is all the interpreter reads of a block
    block: { header: headerOf(block) } as any,
  })
  const success = execResult.exceptionError === undefined
  // EIP-6780
  const isDestroyed = (key: string) =>
    execResult.selfdestruct?.has(key as Hex) === true &&
    (!rules.destroysOnlyNew || execResult.createdAddresses?.has(key as Hex) === true)
  const accounts = new Map<Address, PlainAccount>()
  for (const [key, account] of stateManager.accountStack.at(-1) ?? []) {
    if (account === undefined || account.isEmpty() || (success && isDestroyed(key))) continue
    const storage = new Map<Hex, bigint>()
    for (const [slot, value] of stateManager.storageStack.at(-1) ?? []) {
      const number = BigInt(value.length === 0 ? 0 : bytesToHex(value))
      if (slot.startsWith(key) && number !== 0n) storage.set(`0x${slot.slice(-64)}`, number)
    }
    const { balance, nonce, codeHash } = account
    accounts.set(key as Address, { balance, nonce, codeHash: bytesToHex(codeHash), storage })
  }
  return {
    success,
    error: execResult.exceptionError?.error,
    output: bytesToHex(execResult.returnValue),
    executionGas: execResult.executionGasUsed,
    gasRefund: execResult.gasRefund ?? 0n,
    logs: (execResult.logs ?? []).map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map(topic => bytesToHex(topic)),
      data: bytesToHex(data),
    })),
    accounts,
  }
}

function headerOf(block: BlockContext) {
  return {
    number: block.number,
    timestamp: block.timestamp,
    gasLimit: block.gasLimit,
    baseFeePerGas: block.baseFeePerGas,
    difficulty: block.difficulty,
    prevRandao: setLengthLeft(bigIntToBytes(block.difficulty), 32),
    coinbase: createAddressFromString(block.coinbase),
    getBlobGasPrice: () => block.blobBaseFeePerGas ?? 1n,
  }
}
