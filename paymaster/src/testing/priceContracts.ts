// Puts the token, feed and pair of contracts/Prices.sol on a test chain, compiled for London.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Abi, type Address, getAddress, type Hex } from 'viem'
import type { Chain } from './startChain.ts'

type Contract = 'PlainToken' | 'PriceFeed' | 'PricePair'
type Compiled = Readonly<Record<Contract, { readonly abi: Abi; readonly bytecode: Hex }>>

export type Deployed = {
  readonly address: Address
  send(functionName: string, ...args: readonly unknown[]): Promise<void>
  read(functionName: string, ...args: readonly unknown[]): Promise<unknown>
}

type ChainToDeployOn = Pick<Chain, 'client' | 'wallet'>

let compiled: Compiled | undefined

export async function deploy(
  chain: ChainToDeployOn,
  contract: Contract,
  ...args: readonly unknown[]
): Promise<Deployed> {
  compiled ??= compile()
  const { abi, bytecode } = compiled[contract]
  const { client, wallet } = chain
  const hash = await wallet.deployContract({ abi, bytecode, args: [...args] })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error(`${contract} was not deployed`)
  const address = getAddress(contractAddress)
  return {
    address,
    async send(functionName, ...values) {
      const call = { address, abi, functionName, args: [...values] } as const
      const sent = await wallet.writeContract(call as never)
      const { status } = await client.waitForTransactionReceipt({ hash: sent })
      if (status !== 'success') throw new Error(`${contract}.${functionName} reverted`)
    },
    read: (functionName, ...values) =>
      client.readContract({ address, abi, functionName, args: [...values] } as never),
  }
}

function compile(): Compiled {
  const content = readFileSync(new URL('../../src/testing/contracts/Prices.sol', import.meta.url), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { 'Prices.sol': { content } },
    settings: { evmVersion: 'london', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  // In a process of its own: solc-js installs handlers that a test runner must not inherit.
  const solc = fileURLToPath(new URL('../../../scripts/solc.mjs', import.meta.url))
  const { stdout } = spawnSync(process.execPath, [solc, '--standard-json'], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const output = JSON.parse(stdout) as {
    errors?: readonly { severity: string; formattedMessage: string }[]
    contracts: Record<string, Record<Contract, { abi: Abi; evm: { bytecode: { object: string } } }>>
  }
  const failure = output.errors?.find(({ severity }) => severity === 'error')
  if (failure) throw new Error(failure.formattedMessage)
  const entries = Object.entries(output.contracts['Prices.sol'] ?? {})
  return Object.fromEntries(
    entries.map(([name, { abi, evm }]) => [name, { abi, bytecode: `0x${evm.bytecode.object}` }]),
  ) as Compiled
}
