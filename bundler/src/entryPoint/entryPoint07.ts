// EntryPoint v0.7: packed operations, limits for the paymaster. The newest that runs on a London chain.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { encodeErrorResult, parseAbi, slice } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import {
  decodePacked,
  encodePacked,
  innerHandleOpGas,
  meteredValidation,
  packedSelectors,
  packedSimulation,
  packedStopper,
  sumOfLimits,
} from './packedOperation.ts'
import { foreignSince07, fromUnpacked, packedFields } from './packedWire.ts'
import { hashPackedWords } from './packedWords.ts'
import { stakeAt } from './stake.ts'

export const entryPoint07: EntryPointVersion = {
  number: '0.7',
  canonicalAddress: entryPoint07Address,
  wire: {
    fields: packedFields,
    foreign: foreignSince07,
    toOperation: fromUnpacked,
    fromOperation: userOperation => userOperation,
  },
  selectors: packedSelectors,
  encode: encodePacked,
  decode: decodePacked,
  hash: (userOperation, place) => hashPackedWords(toPackedUserOperation(userOperation), place),
  failureOf: readFailure(entryPoint07Abi),
  prefundGas: sumOfLimits,
  executionGas: innerHandleOpGas,
  // A tenth of what is unused, and execution pays for what it uses.
  leastExecutionGas: ({ callGasLimit, paymasterPostOpGasLimit = 0n }) =>
    (callGasLimit + paymasterPostOpGasLimit) / 10n,
  hasPaymasterLimits: true,
  paymasterOverhead: { gas: 7_070, operationWord: 3, contextWord: 75 },
  validAfterIsExclusive: false,
  hasBlockRanges: false,
  ignoresNeedlessFactory: false,
  stopper: packedStopper(
    encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['AA93 invalid paymasterAndData'] }),
  ),
  validationGas: meteredValidation,
  // DepositInfo: a word of deposit; then `staked`, the stake, the delay.
  stakeIn: (_deposit, second) => stakeAt({ word: second, at: 0n }, { word: second, at: 120n }),
  // Words of the call: the offset of callData, then ten of the operation, its hash, prefund, context, preOpGas.
  preOpGas: innerHandleOp => BigInt(slice(innerHandleOp, 4 + 14 * 32, 4 + 15 * 32)),
  unmetered: {
    bundle: 13_600,
    operation: 7_900,
    cappedRefund: 1_400,
    callDataWord: 10,
    memoryWord: 82,
    executeUserOp: 1_750,
  },
  // Compiled for no EVM newer than London.
  simulation: packedSimulation('@account-abstraction/contracts'),
}
