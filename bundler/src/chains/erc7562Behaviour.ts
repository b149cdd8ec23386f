// Is what a node calls erc7562Tracer the tracer of that name? Others serve the name (hardhat does), and facts that are
// counted in another way would turn honest operations away, or let others in. Two behaviours tell.
import type { Hex } from 'viem'

type Frame = {
  readonly usedOpcodes?: Readonly<Record<Hex, number>>
  readonly accessedSlots?: { readonly reads?: Readonly<Record<Hex, unknown>> }
}

const gasOpcode: Hex = '0x5a'
const slot = 7n
/** GAS for a CALL of nobody without anything, and SLOAD of a slot: what ERC-7562 [OP-012] allows. */
const callsWithGas: Hex = '0x6000600060006000600060005af1506007545000'
/** GAS for its own sake. */
const looksAtGas: Hex = '0x5a5000'

export async function behavesAsErc7562Tracer(
  ask: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Promise<boolean> {
  const trace = async (data: Hex): Promise<Frame> => {
    const config = { tracer: 'erc7562Tracer', tracerConfig: { withLog: false, ignoredOpcodes: [] } }
    return ((await ask('debug_traceCall', [{ data }, 'latest', config])) ?? {}) as Frame
  }
  try {
    const [calling, looking] = [await trace(callsWithGas), await trace(looksAtGas)]
    const reads = Object.keys(calling.accessedSlots?.reads ?? {})
    return (
      counts(looking, gasOpcode) && !counts(calling, gasOpcode) && reads.some(read => BigInt(read) === slot)
    )
  } catch {
    return false
  }
}

function counts({ usedOpcodes = {} }: Frame, opcode: Hex): boolean {
  return (usedOpcodes[opcode] ?? 0) > 0
}
