// An operation passed at one block and fails at another: did anything but its sender's own affairs change between? What
// anyone can do for himself, as to take back an allowance, must cost the others that it makes fail nothing.
import { type Address, type Hash, type Hex, numberToHex, type PublicClient } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { RpcOverrides } from '../estimation/overrides.ts'
import { keyedSlots } from '../validation/rules/keyedSlots.ts'
import type { StorageFacts, Trace } from '../validation/trace.ts'
import { operationKeyOf, type Tracer } from '../validation/tracers/tracer.ts'
import { validationOnlyCall } from '../validation/tracers/validationOnlyCall.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { authorizationsOf, type CallBlock, revertDataOf, wireAuthorization } from './handleOps.ts'

export type Attribution = {
  /**
   * Whether the operation, whose validation fails at `failedAt`, would pass there if all that is its
   * sender's own were what it was when the operation was verified last. Undefined where the node cannot tell.
   */
  isSendersDoing(validated: ValidatedOperation, failedAt: CallBlock): Promise<boolean | undefined>
}

export function createAttribution(options: {
  client: PublicClient
  entryPoint: Address
  version: EntryPointVersion
  tracer: Tracer
}): Attribution {
  const { client, entryPoint, version, tracer } = options

  async function passes(
    validated: ValidatedOperation,
    at: CallBlock,
    overrides: RpcOverrides = {},
  ): Promise<boolean> {
    const { userOperation } = validated
    const { gas, ...call } = validationOnlyCall({ userOperation, entryPoint, version })
    const authorizationList = authorizationsOf([validated]).map(wireAuthorization)
    const transaction = {
      ...call,
      gas: numberToHex(gas),
      ...(authorizationList.length > 0 && { authorizationList }),
    }
    return (await revertDataOf(client, [transaction, at, overrides])) === version.stopper.revertData
  }

  async function traceWhenVerified({ userOperation, userOperationHash, verifiedAt }: ValidatedOperation) {
    const block = await client.getBlock({ blockHash: verifiedAt.hash })
    return await tracer.trace({
      userOperation,
      entryPoint,
      version,
      block: { ...block, baseFeePerGas: block.baseFeePerGas ?? 0n },
      operationKey: operationKeyOf(userOperation, userOperationHash),
    })
  }

  return {
    async isSendersDoing(validated, failedAt) {
      try {
        const { sender } = validated.userOperation
        const trace = await traceWhenVerified(validated)
        if (!trace.outcome.passed) return undefined
        const slots = ownSlots(sender, trace)
        const own = await stateAt(client, sender, slots, validated.verifiedAt.hash)
        const [fails, mended] = await Promise.all([
          passes(validated, failedAt).then(passed => !passed),
          passes(validated, failedAt, own),
        ])
        return fails && mended
      } catch {
        // A node that forgot the block, or knows no overrides: nobody is condemned for that.
        return undefined
      }
    },
  }
}

type Slot = { readonly contract: Address; readonly slot: Hex }

/** What the paymaster looked at of the sender's storage, and of what other contracts keep under its address. */
function ownSlots(sender: Address, { phases, keccakPreimages }: Trace): readonly Slot[] {
  const isKeyed = keyedSlots(sender, keccakPreimages)
  const touched = Object.entries(phases.paymaster?.storage ?? {}) as [Address, StorageFacts][]
  return touched.flatMap(([contract, { reads, writes }]) =>
    [...new Set([...reads, ...writes])]
      .filter(slot => isSame(contract, sender) || isKeyed(slot))
      .map(slot => ({ contract, slot })),
  )
}

async function stateAt(
  client: PublicClient,
  sender: Address,
  slots: readonly Slot[],
  blockHash: Hash,
): Promise<RpcOverrides> {
  const at = { blockHash }
  const [balance, code, ...values] = await Promise.all([
    client.request({ method: 'eth_getBalance', params: [sender, at] }),
    client.request({ method: 'eth_getCode', params: [sender, at] }),
    ...slots.map(({ contract, slot }) =>
      client.request({ method: 'eth_getStorageAt', params: [contract, slot, at] }),
    ),
  ])
  const overrides: Record<Address, { balance?: Hex; code?: Hex; stateDiff?: Record<Hex, Hex> }> = {
    [sender]: { balance, code },
  }
  for (const [index, { contract, slot }] of slots.entries()) {
    const own = isSame(contract, sender) ? sender : contract
    overrides[own] = {
      ...overrides[own],
      stateDiff: { ...overrides[own]?.stateDiff, [slot]: values[index] as Hex },
    }
  }
  return overrides
}

function isSame(one: Address, other: Address): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
