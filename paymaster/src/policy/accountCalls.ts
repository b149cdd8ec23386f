// Reads what an account is told to do out of its callData, for the encodings that common accounts share.
// What it cannot read with certainty it does not guess at: it says why, and the policy refuses.
import type { Sentence } from '@worldland-aa/sdk/errors/sentences/sentence'
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import type { EncodingBounds } from '@worldland-aa/sdk/protocol/encodingInspector'
import {
  type AbiParameter,
  type Address,
  type DecodeAbiParametersReturnType,
  getAddress,
  type Hex,
  hexToBigInt,
  parseAbiParameters,
  size,
  slice,
  toFunctionSelector,
} from 'viem'

export type AccountCall = { readonly to: Address; readonly valueWei: bigint; readonly data: Hex }

export type AccountCalls =
  | { readonly ok: true; readonly calls: readonly AccountCall[] }
  | ({ readonly ok: false } & Sentence)

type Reader = (parameters: Hex) => AccountCalls

/** No block has gas for more; no node takes a transaction of more bytes. Data suffixes are common. */
const bounds: EncodingBounds = { maxBytes: 131_072, maxListLength: 256, ending: 'open' }

/**
 * The calls in order; none for empty callData. Bytes after the canonical encoding (a data suffix) are
 * ignored, as Solidity ignores them; any other deviation from it makes the callData unreadable.
 */
export function decodeAccountCalls(callData: Hex): AccountCalls {
  const data = callData.toLowerCase() as Hex
  if (data === '0x') return { ok: true, calls: [] }
  const read = size(data) <= 4 ? undefined : readers.get(slice(data, 0, 4))
  return read === undefined ? unknownFunction : read(slice(data, 4))
}

const unknownFunction = unreadable('It is no execute or executeBatch that is known here.')
const unevenLists = unreadable('Its lists differ in length.')

function unreadable(problem: string): AccountCalls & { readonly ok: false } {
  const remedy = 'Use a SimpleAccount, ERC-7579 or Safe encoding without delegatecall.'
  return { ok: false, problem, remedy }
}

const callArray = parseAbiParameters([
  'Call[] calls',
  'struct Call { address to; uint256 value; bytes data; }',
])

const readers: ReadonlyMap<Hex, Reader> = new Map([
  // SimpleAccount, and what is derived from it
  reader(
    'execute(address,uint256,bytes)',
    parseAbiParameters('address, uint256, bytes'),
    ([to, value, data]) => one({ to, valueWei: value, data }),
  ),
  reader('executeBatch(address[],bytes[])', parseAbiParameters('address[], bytes[]'), ([to, data]) =>
    zip(to, [], data),
  ),
  reader(
    'executeBatch(address[],uint256[],bytes[])',
    parseAbiParameters('address[], uint256[], bytes[]'),
    ([to, values, data]) => zip(to, values, data),
  ),
  reader('executeBatch((address,uint256,bytes)[])', callArray, ([calls]) => all(calls.map(toAccountCall))),
  // ERC-7579, ERC-7821
  reader('execute(bytes32,bytes)', parseAbiParameters('bytes32, bytes'), ([mode, execution]) =>
    readErc7579(mode, execution),
  ),
  // Safe's 4337 module; operation 1 is a delegatecall, by which the account runs foreign code as its own
  ...['executeUserOp', 'executeUserOpWithErrorString'].map(name =>
    reader(
      `${name}(address,uint256,bytes,uint8)`,
      parseAbiParameters('address, uint256, bytes, uint8'),
      ([to, value, data, operation]) =>
        operation === 0 ? one({ to, valueWei: value, data }) : unreadable('It is a delegatecall.'),
    ),
  ),
])

function reader<const Parameters extends readonly AbiParameter[]>(
  signature: string,
  parameters: Parameters,
  read: (values: DecodeAbiParametersReturnType<Parameters>) => AccountCalls,
): readonly [selector: Hex, Reader] {
  const decode = canonicalDecoder(parameters, bounds)
  const readCanonical: Reader = encoded => {
    const decoded = decode(encoded)
    return decoded.ok ? read(decoded.values) : decoded
  }
  return [toFunctionSelector(signature), readCanonical]
}

function all(calls: readonly AccountCall[]): AccountCalls {
  return { ok: true, calls }
}

function one(call: AccountCall): AccountCalls {
  return all([call])
}

function toAccountCall(call: { to: Address; value: bigint; data: Hex }): AccountCall {
  return { to: call.to, valueWei: call.value, data: call.data }
}

function zip(targets: readonly Address[], values: readonly bigint[], datas: readonly Hex[]): AccountCalls {
  if (targets.length !== datas.length) return unevenLists
  if (values.length !== 0 && values.length !== targets.length) return unevenLists
  return all(targets.map((to, index) => ({ to, valueWei: values[index] ?? 0n, data: datas[index] ?? '0x' })))
}

// ERC-7579: mode = call type (1 byte), exec type (1), unused (4), selector (4), payload (22).
const singleCall = '0x00'
const batchCall = '0x01'
const execTypes: readonly Hex[] = ['0x00', '0x01']
/** Default, and ERC-7821's batch without opData. */
const modeSelectors: readonly Hex[] = ['0x00000000', '0x78210001']

const decodeBatch = canonicalDecoder(callArray, bounds)

function readErc7579(mode: Hex, execution: Hex): AccountCalls {
  const callType = slice(mode, 0, 1)
  if (!execTypes.includes(slice(mode, 1, 2)) || !modeSelectors.includes(slice(mode, 6, 10))) {
    return unreadable(`Its ERC-7579 mode ${mode} is not known here.`)
  }
  if (callType === batchCall) {
    const decoded = decodeBatch(execution)
    return decoded.ok ? all(decoded.values[0].map(toAccountCall)) : decoded
  }
  if (callType !== singleCall) return unreadable('It is neither a single ERC-7579 call nor a batch.')
  if (size(execution) < 52) return unreadable('Its ERC-7579 call is shorter than an address and a value.')
  return one({
    to: getAddress(slice(execution, 0, 20)),
    valueWei: hexToBigInt(slice(execution, 20, 52)),
    data: size(execution) === 52 ? '0x' : slice(execution, 52),
  })
}
