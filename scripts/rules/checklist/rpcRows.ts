// ERC-7769: the answers of eth_* and their codes.
import type { Row } from '../row.ts'

export const rpcRows: readonly Row[] = [
  {
    clause: 'RPC-1',
    requires: 'Validate fields; −32602',
    where: 'rpc/parseUserOperation.ts',
    test: { file: 'rpc/parseUserOperation.test.ts', title: 'says what to do about signatur' },
    mutation: { find: 'if (stranger !== undefined) return stranger', replace: '' },
  },
  {
    clause: 'RPC-2',
    requires: 'AA24/AA34 → −32507',
    where: 'validation/entryPointFailure.ts',
    test: { file: 'validation/entryPointRefusal.test.ts', title: 'with AA34 is refused with -32507' },
    mutation: { find: 'AA34: rejectionCode.signature', replace: 'AA34: rejectionCode.paymaster' },
  },
  {
    clause: 'RPC-3',
    requires: 'Validation revert → −32500 with inner reason',
    where: 'validation/entryPointFailure.ts',
    test: { file: 'validation/entryPointRefusal.test.ts', title: 'is told what reverted inside' },
    mutation: { find: 'said === undefined ? reason', replace: 'said !== null ? reason' },
  },
  {
    clause: 'RPC-4',
    requires: 'Execution revert on estimate → −32521',
    where: 'estimation/outcome.ts',
    test: { file: 'estimation/estimation.test.ts', title: 'is told why its execution reverts' },
    mutation: { find: 'rejectionCode.executionReverted,', replace: 'rejectionCode.entryPoint,' },
  },
  {
    clause: 'RPC-5',
    requires: 'Malformed hash → −32602 "Missing/invalid userOpHash"',
    where: 'rpc/parseParameters.ts',
    test: { file: 'rpc/parseParameters.test.ts', title: 'says Missing/invalid userOpHash' },
    mutation: { find: 'is Missing/invalid userOpHash', replace: 'is wrong' },
  },
  {
    clause: 'RPC-6',
    requires: 'Unknown hash → null',
    where: 'receipt/receipt.ts',
    test: { file: 'receipt/receipt.test.ts', title: 'is null while it waits and for what nobody knows' },
    mutation: {
      find: 'if (inclusion === undefined) return null\n      const userOperation',
      replace: "if (inclusion === undefined) throw new Error('unknown')\n      const userOperation",
    },
  },
  {
    clause: 'RPC-7',
    requires: 'Receipt logs only own op',
    where: 'receipt/readUserOperationReceipt.ts',
    test: { file: 'receipt/receipt.test.ts', title: 'has its own logs only' },
    mutation: { find: 'receipt.logs.slice(start, index)', replace: 'receipt.logs.slice(0, index)' },
  },
  {
    clause: 'RPC-8',
    requires: 'Time range: −32503, with a margin by the chain’s block time (`--validity-margin-seconds`)',
    where: 'validation/answers.ts',
    test: {
      file: 'validation/entryPointRefusal.test.ts',
      title: 'and its validity when it is about to expire',
    },
    mutation: { find: 'if (!lasting.ok) return lasting', replace: '' },
  },
]
