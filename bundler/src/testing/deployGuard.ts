// The BundleGuard on a test's chain.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, concatHex, encodeAbiParameters, getContractAddress, type Hex } from 'viem'
import type { AccountChain } from './accountChain.ts'

export async function deployGuard(chain: AccountChain): Promise<Address> {
  const path = join(import.meta.dirname, '../../../contracts/artifacts/BundleGuard.json')
  const { bytecode } = JSON.parse(readFileSync(path, 'utf8')) as { bytecode: Hex }
  const [deployer] = await chain.executors(1)
  if (deployer === undefined) throw new Error('no deployer')
  const argument = encodeAbiParameters([{ type: 'address' }], [entryPoint07Address])
  const serializedTransaction = await deployer.signTransaction({
    chainId: 103,
    nonce: 0,
    data: concatHex([bytecode, argument]),
    gas: 3_000_000n,
    maxFeePerGas: 50n * 10n ** 9n,
    maxPriorityFeePerGas: 10n ** 9n,
  })
  await chain.client.sendRawTransaction({ serializedTransaction })
  await chain.mine()
  return getContractAddress({ from: deployer.address, nonce: 0n })
}
