// Reads what an account is told to do out of its callData, for the encodings that common accounts share.
// Anything it cannot read with certainty is undefined: the policy then refuses rather than guesses.
import {
  type AbiParameter,
  type Address,
  type DecodeAbiParametersReturnType,
  decodeAbiParameters,
  encodeAbiParameters,
  getAddress,
  type Hex,
  hexToBigInt,
  parseAbiParameters,
  size,
  slice,
  toFunctionSelector,
} from 'viem'

export type AccountCall = { readonly to: Address; readonly valueWei: bigint; readonly data: Hex }

type Calls = readonly AccountCall[] | undefined
type Reader = (parameters: Hex) => Calls

/**
 * The calls in order; none for empty callData. Bytes after the canonical encoding (a data suffix) are
 * ignored, as Solidity ignores them; any other deviation from it makes the callData unreadable.
 */
export function decodeAccountCalls(callData: Hex): Calls {
  const data = callData.toLowerCase() as Hex
  if (data === '0x') return []
  if (size(data) <= 4) return undefined
  return readers.get(slice(data, 0, 4))?.(slice(data, 4))
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
    ([to, value, data]) => [{ to, valueWei: value, data }],
  ),
  reader('executeBatch(address[],bytes[])', parseAbiParameters('address[], bytes[]'), ([to, data]) =>
    zip(to, [], data),
  ),
  reader(
    'executeBatch(address[],uint256[],bytes[])',
    parseAbiParameters('address[], uint256[], bytes[]'),
    ([to, values, data]) => zip(to, values, data),
  ),
  reader('executeBatch((address,uint256,bytes)[])', callArray, ([calls]) => calls.map(toAccountCall)),
  // ERC-7579, ERC-7821
  reader('execute(bytes32,bytes)', parseAbiParameters('bytes32, bytes'), ([mode, execution]) =>
    readErc7579(mode, execution),
  ),
  // Safe's 4337 module; operation 1 is a delegatecall, by which the account runs foreign code as its own
  ...['executeUserOp', 'executeUserOpWithErrorString'].map(name =>
    reader(
      `${name}(address,uint256,bytes,uint8)`,
      parseAbiParameters('address, uint256, bytes, uint8'),
      ([to, value, data, operation]) => (operation === 0 ? [{ to, valueWei: value, data }] : undefined),
    ),
  ),
])

function reader<const Parameters extends readonly AbiParameter[]>(
  signature: string,
  parameters: Parameters,
  read: (values: DecodeAbiParametersReturnType<Parameters>) => Calls,
): readonly [selector: Hex, Reader] {
  const readCanonical: Reader = encoded => {
    const values = decodeCanonically(parameters, encoded)
    return values === undefined ? undefined : read(values)
  }
  return [toFunctionSelector(signature), readCanonical]
}

function decodeCanonically<const Parameters extends readonly AbiParameter[]>(
  parameters: Parameters,
  encoded: Hex,
): DecodeAbiParametersReturnType<Parameters> | undefined {
  try {
    const values = decodeAbiParameters(parameters, encoded)
    return encoded.startsWith(encodeAbiParameters(parameters, values as never)) ? values : undefined
  } catch {
    return undefined
  }
}

function toAccountCall(call: { to: Address; value: bigint; data: Hex }): AccountCall {
  return { to: call.to, valueWei: call.value, data: call.data }
}

function zip(targets: readonly Address[], values: readonly bigint[], datas: readonly Hex[]): Calls {
  if (targets.length !== datas.length) return undefined
  if (values.length !== 0 && values.length !== targets.length) return undefined
  return targets.map((to, index) => ({ to, valueWei: values[index] ?? 0n, data: datas[index] ?? '0x' }))
}

// ERC-7579: mode = call type (1 byte), exec type (1), unused (4), selector (4), payload (22).
const singleCall = '0x00'
const batchCall = '0x01'
const execTypes: readonly Hex[] = ['0x00', '0x01']
/** Default, and ERC-7821's batch without opData. */
const modeSelectors: readonly Hex[] = ['0x00000000', '0x78210001']

function readErc7579(mode: Hex, execution: Hex): Calls {
  const callType = slice(mode, 0, 1)
  if (!execTypes.includes(slice(mode, 1, 2)) || !modeSelectors.includes(slice(mode, 6, 10))) return undefined
  if (callType === batchCall) return decodeCanonically(callArray, execution)?.[0].map(toAccountCall)
  if (callType !== singleCall || size(execution) < 52) return undefined
  return [
    {
      to: getAddress(slice(execution, 0, 20)),
      valueWei: hexToBigInt(slice(execution, 20, 52)),
      data: size(execution) === 52 ? '0x' : slice(execution, 52),
    },
  ]
}
