// Contracts that take every signature for their own (ERC-1271), each with a vice of its own: in bare code, for no more is
// needed.
import type { Address } from 'viem'
import type { Chain } from '../../paymaster/src/testing/startChain.ts'

const magicShifted = '631626ba7e60e01b' // PUSH4 magic PUSH1 224 SHL
const returnTop = '60005260206000f3' //    PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN

function deploy({ create }: Chain, runtime: string): Promise<Address> {
  const constructorCode = `60${(runtime.length / 2).toString(16).padStart(2, '0')}80600b6000396000f3`
  return create({ abi: [], code: `0x${constructorCode}${runtime}` }, [])
}

/** Takes signatures only where nobody pays for gas: in a call that tries, and never in a transaction. */
export function deployTwoFacedSigner(chain: Chain): Promise<Address> {
  return deploy(chain, `3a15${magicShifted}02${returnTop}`) // GASPRICE ISZERO … MUL
}

/** Takes about so much gas to say yes, as the check of a passkey does. */
export function deployCostlySigner(chain: Chain, gas: number): Promise<Address> {
  const rounds = Math.ceil(gas / 26)
    .toString(16)
    .padStart(6, '0')
  // PUSH3 rounds JUMPDEST PUSH1 1 SWAP1 SUB DUP1 PUSH1 4 JUMPI
  return deploy(chain, `62${rounds}5b6001900380600457${magicShifted}${returnTop}`)
}
