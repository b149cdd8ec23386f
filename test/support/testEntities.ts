// Puts the accounts and paymasters of contracts/TestEntities.sol on a test chain, compiled for London.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Abi, type Address, getAddress, type Hex, parseEther } from 'viem'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'

type Compiled = Readonly<Record<string, { readonly abi: Abi; readonly bytecode: Hex }>>

export type TestEntities = {
  readonly stranger: Address
  /** An account with a gas deposit and a coin of its own. */
  account(contract: string): Promise<Address>
  /** A paymaster with this deposit, in wei. */
  paymaster(contract: string, depositWei: bigint): Promise<Address>
}

/** While the chain mines by itself, best every transaction at once. */
export async function deployTestEntities(faucet: DeploymentClient): Promise<TestEntities> {
  const contracts = testContracts(faucet)

  async function deposit(address: Address, wei: bigint): Promise<void> {
    const hash = await faucet.writeContract({
      address: entryPoint07Address,
      abi: entryPoint07Abi,
      functionName: 'depositTo',
      args: [address],
      value: wei,
    })
    await faucet.waitForTransactionReceipt({ hash })
  }

  const stranger = await contracts.deploy('Stranger')
  return {
    stranger,
    async account(contract) {
      const address = await contracts.deploy(contract, [stranger], parseEther('1'))
      await deposit(address, parseEther('1'))
      return address
    },
    async paymaster(contract, depositWei) {
      const address = await contracts.deploy(contract)
      await deposit(address, depositWei)
      return address
    },
  }
}

export type TestContracts = {
  abiOf(contract: string): Abi
  deploy(contract: string, args?: readonly unknown[], valueWei?: bigint): Promise<Address>
}

/** The contracts of contracts/TestEntities.sol, compiled, for whoever wants another scene. */
export function testContracts(faucet: DeploymentClient): TestContracts {
  compiled ??= compile()
  const known = compiled
  const find = (contract: string): Compiled[string] => {
    const found = known[contract]
    if (found === undefined) throw new Error(`TestEntities.sol has no contract ${contract}`)
    return found
  }
  return {
    abiOf: contract => find(contract).abi,
    async deploy(contract, args = [], valueWei = 0n) {
      const { abi, bytecode } = find(contract)
      const hash = await faucet.deployContract({ abi, bytecode, args: [...args], value: valueWei })
      const { contractAddress } = await faucet.waitForTransactionReceipt({ hash })
      if (!contractAddress) throw new Error(`${contract} was not deployed`)
      return getAddress(contractAddress)
    },
  }
}

/** Once for all the files of a worker: it takes two seconds. */
let compiled: Compiled | undefined

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
