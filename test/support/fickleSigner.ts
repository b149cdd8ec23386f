// A contract that takes every signature for its own (ERC-1271) until anybody tells it not to: the least that can disown.
import type { Address, Hex } from 'viem'
import type { Chain } from '../../paymaster/src/testing/startChain.ts'

const runtime = [
  // Called with one word: that word is stored.
  '3660201460', // CALLDATASIZE PUSH1 32 EQ PUSH1
  '1c57', //       (where) JUMPI
  // Called with anything else: the magic value of ERC-1271, unless something other than zero is stored.
  '600054', //     PUSH1 0 SLOAD
  '15', //         ISZERO
  '631626ba7e', // PUSH4 magic
  '60e01b02', //   PUSH1 224 SHL MUL
  '60005260206000f3', // PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN
  '5b60003560005500', // JUMPDEST PUSH1 0 CALLDATALOAD PUSH1 0 SSTORE STOP
].join('')
const constructorCode = `60${(runtime.length / 2).toString(16)}80600b6000396000f3`

export type FickleSigner = {
  readonly address: Address
  /** From now on nothing is its own. */
  disown(): Promise<void>
}

export async function deployFickleSigner({ create, wallet, client }: Chain): Promise<FickleSigner> {
  const address = await create({ abi: [], code: `0x${constructorCode}${runtime}` }, [])
  return {
    address,
    async disown() {
      const data: Hex = `0x${'1'.padStart(64, '0')}`
      const hash = await wallet.sendTransaction({ to: address, data })
      await client.waitForTransactionReceipt({ hash })
    },
  }
}
