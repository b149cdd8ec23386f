// A London chain with the EntryPoint at its canonical address, and the means to put any contract anywhere.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Anvil, type Hardfork, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { type Address, encodeFunctionData, type Hex, type TransactionReceipt } from 'viem'
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import { accessChain, type ChainAccess } from './chainAccess.ts'

export type TestChain = Omit<ChainAccess, 'sendFrom'> & {
  readonly anvil: Anvil['client']
  readonly hardfork: Hardfork
  /** In the name of any address, contracts too; it is given the coin for gas and value. */
  sendAs(
    address: Address,
    transaction: { to: Address; data: Hex; value?: bigint },
  ): Promise<TransactionReceipt>
  /** Puts `code` at an address, by default a fresh one. */
  place(code: Hex, address?: Address): Promise<Address>
  setBalance(address: Address, wei: bigint): Promise<void>
  /** Stakes a contract in the EntryPoint, in its own name. */
  stake(address: Address, terms: { wei: bigint; unstakeDelaySeconds: number }): Promise<void>
  stop(): Promise<void>
}

export async function startTestChain({
  version = entryPoint07,
  hardfork = 'london',
}: {
  version?: EntryPointVersion
  hardfork?: Hardfork
} = {}): Promise<TestChain> {
  const anvil = await startAnvil({ hardfork })
  const { sendFrom, ...access } = await accessChain(anvil.url, version)
  const { client: control } = anvil

  const sendAs: TestChain['sendAs'] = async (address, transaction) => {
    await control.impersonateAccount({ address })
    await control.setBalance({ address, value: (transaction.value ?? 0n) + 10n ** 18n })
    const receipt = await sendFrom(address, transaction)
    await control.stopImpersonatingAccount({ address })
    return receipt
  }

  return {
    ...access,
    anvil: control,
    hardfork,
    stop: anvil.stop,
    async place(bytecode, address = freshAddress()) {
      await control.setCode({ address, bytecode })
      return address
    },
    setBalance: (address, value) => control.setBalance({ address, value }),
    sendAs,
    async stake(address, { wei, unstakeDelaySeconds }) {
      const data = encodeFunctionData({
        abi: entryPoint07Abi,
        functionName: 'addStake',
        args: [unstakeDelaySeconds],
      })
      await sendAs(address, { to: access.entryPoint, data, value: wei })
    },
  }
}

let lastAddress = 0xc0de_0000_0000n

export function freshAddress(): Address {
  lastAddress += 1n
  return `0x${lastAddress.toString(16).padStart(40, '0')}`
}
