// A chain of geth's whose genesis holds what tests put on anvil by its cheat codes: a geth takes no code after that.
import { type GenesisAccounts, type GethFork, startGeth } from '@worldland-aa/service/testing/startGeth'
import { type Address, type Hex, numberToHex, parseEther } from 'viem'
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import {
  accessChain,
  type ChainAccess,
  deterministicDeployer,
  entryPointOf,
  richAccount,
} from './chainAccess.ts'
import { freshAddress, type TestChain } from './testChain.ts'

/** What a test puts on a chain before an operation can be traced there. */
export type Stage = Pick<TestChain, 'entryPoint' | 'place' | 'setBalance'>

export type Genesis = Stage & { readonly accounts: GenesisAccounts }

/** Arachnid's deterministic deployment proxy. */
const deployerCode: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

export function createGenesis(): Genesis {
  const accounts: Record<Address, { balance: Hex; code?: Hex }> = {
    [richAccount.address]: { balance: numberToHex(parseEther('1000000')) },
    [deterministicDeployer]: { balance: '0x0', code: deployerCode },
  }
  return {
    accounts,
    entryPoint: entryPointOf(entryPoint07).address,
    async place(code, address = freshAddress()) {
      accounts[address] = { balance: '0x0', ...accounts[address], code }
      return address
    },
    async setBalance(address, wei) {
      accounts[address] = { ...accounts[address], balance: numberToHex(wei) }
    },
  }
}

export async function startGethChain(options: {
  binary: string
  genesis: Genesis
  fork: GethFork
}): Promise<ChainAccess & { stop(): Promise<void> }> {
  const { url, stop } = await startGeth({ ...options, accounts: options.genesis.accounts })
  return { ...(await accessChain(url, entryPoint07)), stop }
}
