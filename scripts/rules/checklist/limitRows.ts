// ERC-7562 "Limits" and what ERC-4337 asks of mempool and bundles.
import type { Row, TestReference } from '../row.ts'

const delegated = (title: string): TestReference => ({ file: 'rpc/delegatedAccount.test.ts', title })

export const limitRows: readonly Row[] = [
  {
    clause: 'LIM-010',
    requires: 'Op ≤8192 bytes',
    where: 'validation/fields.ts',
    test: { file: 'validation/fields.test.ts', title: 'refuse by name, with the way out: userOperation' },
    mutation: {
      find: 'if (bytes <= limits.maxOperationBytes) return fine',
      replace: 'if (bytes > 0) return fine',
    },
  },
  {
    clause: 'LIM-020',
    requires: 'Context ≤2048',
    where: 'validation/rules/paymasterContext.ts',
    test: { file: 'validation/rules/rules.test.ts', title: 'a context of 2049 bytes' },
    mutation: { find: 'bytes > limits.maxContextBytes', replace: 'bytes > 2 * limits.maxContextBytes' },
  },
  {
    clause: 'LIM-030',
    requires: 'Verification limits exceed use by 4000',
    where: 'validation/answers.ts',
    test: {
      file: 'validation/validation.test.ts',
      title: 'when verificationGasLimit leaves too little to spare',
    },
    mutation: { find: 'used > 0n && given < used + slack', replace: 'used > 0n && given < used' },
    note: '--verification-gas-slack',
  },
  {
    clause: 'LIM-040',
    requires: 'Bundle ≤262144 bytes',
    where: 'bundling/selection.ts',
    test: { file: 'bundling/selection.test.ts', title: '[LIM-040]' },
    mutation: {
      find: 'Math.min(limits.maxTransactionBytes, maxBundleBytes)',
      replace: '(limits.maxTransactionBytes + maxBundleBytes)',
    },
    note: 'or less: what the chain takes as one transaction',
  },
  {
    clause: 'LIM-050',
    requires: 'Bundle contexts ≤65536',
    where: 'bundling/selection.ts',
    test: { file: 'bundling/selection.test.ts', title: '[LIM-050]' },
    mutation: { find: ' || contextBytes > contextBytesLeft', replace: '' },
  },
  {
    clause: 'LIM-060',
    requires: 'Verification limits <500000',
    where: 'validation/fields.ts',
    test: {
      file: 'validation/fields.test.ts',
      title: 'refuse by name, with the way out: verificationGasLimit',
    },
    mutation: { find: 'if (verificationGasLimit > limits.maxVerificationGas) {', replace: 'if (false) {' },
    note: '--max-verification-gas, 1,000,000 by default: the official suite and deployments in the field need more',
  },
  {
    clause: 'LIM-070',
    requires: 'PVG ≥ calldata+50000',
    where: 'validation/fields.ts',
    test: { file: 'validation/fields.test.ts', title: 'take just the preVerificationGas that is required' },
    mutation: {
      find: 'if (userOperation.preVerificationGas >= required) return fine',
      replace: 'if (required > 0n) return fine',
    },
    note: 'calldata and the overhead measured on the EntryPoint (43,212 gas for a bundle of one), for which the suite asks',
  },
  {
    clause: 'MEM-1',
    requires: 'Replacement: both fees ≥+10%',
    where: 'mempool/replacement.ts',
    test: { file: 'mempool/replacement.test.ts', title: 'asks for at least a tenth more, however it rounds' },
    mutation: { find: 'BigInt(100 + percent)', replace: '100n' },
  },
  {
    clause: 'MEM-2',
    requires: 'Nonce: 192-bit key, 64-bit sequence',
    where: 'mempool/pool.ts',
    test: { file: 'mempool/admission.test.ts', title: 'takes nonces of a lane in sequence only' },
    mutation: { find: 'const keyMask = 64n', replace: 'const keyMask = 0n' },
  },
  {
    clause: 'BUN-1',
    requires: 'One op per unstaked sender (ERC-4337)',
    where: 'bundling/company.ts',
    test: { file: 'bundling/selection.test.ts', title: '[BUN-1]' },
    mutation: {
      find: 'if (senders.has(sender) || touched.has(sender)) return true',
      replace: 'if (touched.has(sender)) return true',
    },
    note: 'of staked senders too',
  },
  {
    clause: 'BUN-2',
    requires: 'Third validation: trace whole bundle, drop, repeat',
    where: 'bundling/builder.ts',
    test: { file: 'bundling/bundling.test.ts', title: 'is dropped when the bundle is tried' },
    mutation: {
      find: "if (simulation.kind === 'success') {\n        const waiting",
      replace: "if (simulation.kind !== 'reverted') {\n        const waiting",
    },
    note: 'the very call of the bundle by eth_call, untraced: rules are judged per operation in second validation',
  },
  {
    clause: 'BUN-3',
    requires: 'Cumulative paymaster deposit in bundle',
    where: 'bundling/selection.ts',
    test: { file: 'bundling/selection.test.ts', title: '[BUN-3]' },
    mutation: { find: 'if (!(await isCovered(validated))) continue', replace: '' },
  },
  {
    clause: '7702-1',
    requires: 'Signer==sender, chainId 0/current, else −32602',
    where: 'validation/authorization.ts',
    test: { file: 'validation/authorization.test.ts', title: 'is refused of another sender' },
    mutation: {
      find: 'if (signer === sender.toLowerCase()) return fine',
      replace: 'if (signer) return fine',
    },
    note: 'and for the nonce of the account, with its delegate in place of no code; from Prague on: older chains refuse it',
  },
  {
    clause: '7702-2',
    requires: 'Type-4 bundle, +25000 PVG',
    where: 'bundling/handleOps.ts',
    test: delegated('lands its first operation with its authorization'),
    mutation: {
      find: 'authorizes === true && authorization !== undefined ? [authorization] : []',
      replace: 'authorizes && !authorization ? [authorization] : []',
    },
    note: 'the gas: estimation/preVerificationGas.ts',
  },
  {
    clause: '7623',
    requires: 'Floor-price PVG from used verification+10% execution limits',
    where: 'estimation/preVerificationGas.ts',
    test: { file: 'estimation/preVerificationGas.test.ts', title: '[7623]' },
    mutation: { find: 'Math.max(paid, floor - Number(facts.meteredGas))', replace: 'paid' },
    note: 'from Prague on; of the execution, what each EntryPoint charges whatever happens: entryPoint/*.ts, leastExecutionGas',
  },
  {
    clause: 'EP9-1',
    requires: 'Hash with/without paymasterSignature',
    where: 'entryPoint/entryPoint09.ts',
    test: { file: 'entryPoint/hash.test.ts', title: "for v'0.9' is the one that the contract reckons" },
    mutation: {
      find: 'getUserOperationHash({\n      userOperation,',
      replace:
        'getUserOperationHash({\n      userOperation: { ...userOperation, paymasterSignature: undefined },',
    },
  },
  {
    clause: 'EP9-2',
    requires: 'Block-range validity',
    where: 'validation/validationData.ts',
    test: {
      file: 'validation/validationData.test.ts',
      title: 'count blocks when both bear the flag of v0.9',
    },
    mutation: { find: 'if (hasBlockRanges && validAfter', replace: 'if (!hasBlockRanges && validAfter' },
    note: 'what comes too early or is up: validation/answers.ts, mempool/overstayed.ts, bundling/selection.ts',
  },
  {
    clause: 'PM-1',
    requires: 'Stub length/zero-byte/code-path invariants',
    where: 'paymaster/src/signing/stubData.ts',
    test: { file: 'paymaster/src/signing/stubData.test.ts', title: 'is as long as the final data' },
    mutation: { find: 'validUntil: latestTime }', replace: 'validUntil: 0 }' },
    note: "the paymaster's; the bundler estimates with whatever stub it is given",
  },
]
