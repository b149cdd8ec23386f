// The delegations (EIP-7702) among the code that a trace met: erc7562Tracer tells how long code is, not what it says.
import { type Address, type Hex, type PublicClient, slice } from 'viem'
import type { Delegates, NativeFrame } from './nativeTrace.ts'

/** 0xef0100 and an address. */
const delegationBytes = 23
const delegationMark = '0xef0100'

/** Asks for code only where it is as long as a delegation. Throws when the node does not answer. */
export async function nativeDelegates(
  client: PublicClient,
  root: NativeFrame,
  block: { readonly blockHash: Hex },
): Promise<Delegates> {
  const suspects = new Set<Address>()
  gather(root, suspects)
  const found = await Promise.all(
    [...suspects].map(async address => {
      const code = await client.request<{
        Method: 'eth_getCode'
        Parameters: [address: Address, block: { readonly blockHash: Hex }]
        ReturnType: Hex
      }>({ method: 'eth_getCode', params: [address, block] })
      return { address, code }
    }),
  )
  return new Map(
    found
      .filter(({ code }) => code.startsWith(delegationMark))
      .map(({ address, code }) => [address, slice(code, 3).toLowerCase() as Address]),
  )
}

function gather(frame: NativeFrame, suspects: Set<Address>): void {
  for (const [address, { contractSize }] of Object.entries(frame.contractSize ?? {})) {
    if (contractSize === delegationBytes) suspects.add(address.toLowerCase() as Address)
  }
  for (const call of frame.calls ?? []) gather(call, suspects)
}
