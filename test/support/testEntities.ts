// Puts the accounts and paymasters of contracts/TestEntities.sol on a test chain, compiled for London.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Abi, type Address, getAddress, type Hex, parseEther } from 'viem'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import type { TestChain } from './chain.ts'

type Compiled = Readonly<Record<string, { readonly abi: Abi; readonly bytecode: Hex }>>

export type TestEntities = {
  readonly stranger: Address
  readonly compiled: Compiled
  /** An account with a gas deposit and a coin of its own. */
  account(contract: string): Promise<Address>
  /** A paymaster with this deposit, in wei. */
  paymaster(contract: string, depositWei: bigint): Promise<Address>
}

/** While the chain mines by itself, best every transaction at once. */
export async function deployTestEntities(chain: TestChain): Promise<TestEntities> {
  const compiled = compile()

  async function deploy(contract: string, args: readonly unknown[], value = 0n): Promise<Address> {
    const { abi, bytecode } = compiled[contract] ?? { abi: [], bytecode: '0x' }
    if (bytecode === '0x') throw new Error(`TestEntities.sol has no contract ${contract}`)
    const hash = await chain.faucet.deployContract({ abi, bytecode, args: [...args], value })
    const { contractAddress } = await chain.faucet.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error(`${contract} was not deployed`)
    return getAddress(contractAddress)
  }
  async function deposit(address: Address, wei: bigint): Promise<void> {
    const hash = await chain.faucet.writeContract({
      address: entryPoint07Address,
      abi: entryPoint07Abi,
      functionName: 'depositTo',
      args: [address],
      value: wei,
    })
    await chain.faucet.waitForTransactionReceipt({ hash })
  }

  const stranger = await deploy('Stranger', [])
  return {
    stranger,
    compiled,
    async account(contract) {
      const address = await deploy(contract, [stranger], parseEther('1'))
      await deposit(address, parseEther('1'))
      return address
    },
    async paymaster(contract, depositWei) {
      const address = await deploy(contract, [])
      await deposit(address, depositWei)
      return address
    },
  }
}

function compile(): Compiled {
  const file = 'TestEntities.sol'
  const content = readFileSync(join(workspaceRoot, 'test/support/contracts', file), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { [file]: { content } },
    settings: { evmVersion: 'london', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  // In a process of its own: solc-js installs handlers that a test runner must not inherit.
  const { stdout } = spawnSync(
    process.execPath,
    [join(workspaceRoot, 'scripts/solc.mjs'), '--standard-json'],
    {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  const output = JSON.parse(stdout) as {
    errors?: readonly { severity: string; formattedMessage: string }[]
    contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
  }
  const failure = output.errors?.find(({ severity }) => severity === 'error')
  if (failure) throw new Error(failure.formattedMessage)
  return Object.fromEntries(
    Object.entries(output.contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}` as const },
    ]),
  )
}
