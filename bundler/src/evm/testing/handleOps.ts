// A real EntryPoint v0.7 with its SimpleAccount, and the handleOps of one signed operation: with the account
// there already, or deployed by the operation.
import { createRequire } from 'node:module'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import {
  type Address,
  concatHex,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  numberToHex,
} from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import type { EvmFork } from '../../chains/evmFork.ts'
import { createAddress } from '../creationAddress.ts'
import { execute } from '../evm.ts'
import type { Message } from '../message.ts'
import { createWorld, testBlock, type World } from './world.ts'

const ether = 10n ** 18n
const owner = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
const deployer: Address = '0x000000000000000000000000000000000000d001'
const bundler: Address = '0x000000000000000000000000000000000000b001'
const receiver: Address = '0x0000000000000000000000000000000000009999'
const require = createRequire(import.meta.url)

function bytecodeOf(contract: string): Hex {
  return (require(`@account-abstraction/contracts/artifacts/${contract}.json`) as { bytecode: Hex }).bytecode
}

export type HandleOps = { readonly world: World; readonly message: Message; readonly sender: Address }

export async function prepareHandleOps(options: { deploys: boolean; fork?: EvmFork }): Promise<HandleOps> {
  const fork = options.fork ?? 'london'
  const world = createWorld()
  world.put(deployer, { balance: 1000n * ether })
  world.put(bundler, { balance: 1000n * ether })

  function send(to: Address | undefined, data: Hex, valueWei = 0n): Hex {
    const message = { from: deployer, to, data, valueWei, gas: 10_000_000n }
    const result = execute({ state: world, block: testBlock, fork, message })
    if (!result.success) throw new Error(`set-up failed: ${result.error} ${result.output}`)
    world.apply(result.changes)
    return result.output
  }
  function deploy(data: Hex): Address {
    const address = createAddress(deployer, world.nonce(deployer))
    send(undefined, data)
    return address
  }

  const entryPoint = deploy(bytecodeOf('EntryPoint'))
  const factory = deploy(
    concatHex([bytecodeOf('SimpleAccountFactory'), encodeAbiParameters([{ type: 'address' }], [entryPoint])]),
  )
  const args = [owner.address, 0n] as const
  const factoryData = encodeFunctionData({
    abi: simpleAccountFactoryAbi,
    functionName: 'createAccount',
    args,
  })
  const getAddress = encodeFunctionData({ abi: simpleAccountFactoryAbi, functionName: 'getAddress', args })
  const sender = decodeFunctionResult({
    abi: simpleAccountFactoryAbi,
    functionName: 'getAddress',
    data: send(factory, getAddress),
  }).toLowerCase() as Address
  if (!options.deploys) send(factory, factoryData)
  send(sender, '0x', 10n * ether)
  const deposit = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [sender] })
  send(entryPoint, deposit, ether)

  const operation = {
    sender,
    nonce: 0n,
    callData: encodeFunctionData({
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: [receiver, 1n, '0x'],
    }),
    callGasLimit: 100_000n,
    verificationGasLimit: 500_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 10n ** 9n,
    ...(options.deploys && { factory, factoryData }),
  }
  const hash = getUserOperationHash({
    userOperation: { ...operation, signature: '0x' },
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
    chainId: Number(testBlock.chainId),
  })
  const packed = {
    sender,
    nonce: 0n,
    initCode: options.deploys ? concatHex([factory, factoryData]) : ('0x' as Hex),
    callData: operation.callData,
    accountGasLimits: pair(operation.verificationGasLimit, operation.callGasLimit),
    preVerificationGas: operation.preVerificationGas,
    gasFees: pair(operation.maxPriorityFeePerGas, operation.maxFeePerGas),
    paymasterAndData: '0x' as Hex,
    signature: await owner.signMessage({ message: { raw: hash } }),
  }
  const data = encodeFunctionData({
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [[packed], bundler],
  })
  return { world, sender, message: { from: bundler, to: entryPoint, data, valueWei: 0n, gas: 3_000_000n } }
}

function pair(high: bigint, low: bigint): Hex {
  return concatHex([numberToHex(high, { size: 16 }), numberToHex(low, { size: 16 })])
}
