// userOpHash, remembered by the operation: reading, judging and pooling one ask for it in turn.
import type { Address, Hash } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'

type Remembered = { readonly chainId: number; readonly entryPoint: Address; readonly hash: Hash }

const remembered = new WeakMap<UserOperation, Remembered>()

export function operationHash(
  userOperation: UserOperation,
  version: Pick<EntryPointVersion, 'hash'>,
  { chainId, entryPoint }: { readonly chainId: number; readonly entryPoint: Address },
): Hash {
  const known = remembered.get(userOperation)
  if (known?.chainId === chainId && known.entryPoint === entryPoint) return known.hash
  const hash = version.hash(userOperation, { chainId, entryPoint })
  remembered.set(userOperation, { chainId, entryPoint, hash })
  return hash
}
