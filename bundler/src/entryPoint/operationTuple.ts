// The struct of an operation as an ABI parameter, taken from the first argument of handleOps.
import type { Abi, AbiFunction } from 'viem'

export function operationTuple(abi: Abi): { type: 'tuple'; components: readonly [] } {
  const handleOps = abi.find(item => item.type === 'function' && item.name === 'handleOps') as AbiFunction
  const [operations] = handleOps.inputs as unknown as [{ components: readonly [] }]
  return { type: 'tuple', components: operations.components }
}
