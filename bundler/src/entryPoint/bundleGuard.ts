// The BundleGuard stands before EntryPoint v0.7, with a call like handleOps.
import { toFunctionSelector } from 'viem'

/** handleOps(operations, beneficiary, lastBlock) */
export const guardSelector = toFunctionSelector(
  'handleOps((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[],address,uint256)',
)
