// ERC-7562 "Opcode rules", "Code rules" and those on delegated accounts.
import type { Row, TestReference } from '../row.ts'

const rule = (title: string): TestReference => ({ file: 'validation/rules/rules.test.ts', title })
const entryPointAccess = 'validation/rules/entryPointAccess.ts'
const creations = 'validation/rules/createRules.ts'

export const opcodeRows: readonly Row[] = [
  {
    clause: 'OP-011',
    requires: 'Environment opcodes, CREATE (with exceptions), INVALID, SELFDESTRUCT banned',
    where: 'validation/rules/opcodes.ts',
    test: rule('TIMESTAMP in the account'),
    mutation: { find: "if (hint !== undefined) return banned('OP-011', hint)", replace: '' },
  },
  {
    clause: 'OP-012',
    requires: 'GAS only immediately before *CALL',
    where: 'validation/rules/opcodes.ts',
    test: rule('GAS that is kept'),
    mutation: { find: "if (opcode === 'GAS') {", replace: 'if (false) {' },
  },
  {
    clause: 'OP-013',
    requires: 'Unassigned opcodes banned',
    where: 'validation/rules/opcodes.ts',
    test: rule('an unassigned opcode in an inner call that is caught'),
    mutation: { find: 'if (isUnassigned(opcode, phase.evm)) {', replace: 'if (false) {' },
    note: 'by the level of the chain (--fork)',
  },
  {
    clause: 'OP-020',
    requires: 'Any out-of-gas, even caught, rejected',
    where: 'validation/rules/gas.ts',
    test: rule('an inner call of the account that runs out of gas and is caught'),
    mutation: { find: 'phase.facts.outOfGas.slice(0, 1)', replace: 'phase.facts.outOfGas.slice(0, 0)' },
  },
  {
    clause: 'OP-031',
    requires: 'One CREATE2 in deployment frame, creating sender',
    where: creations,
    test: { file: 'validation/rules/createRules.test.ts', title: 'may create it once' },
    mutation: { find: ' || isRepeated(creation, index, phase)', replace: '' },
  },
  {
    clause: 'OP-032',
    requires: 'With factory, sender itself may CREATE',
    where: creations,
    test: rule('allow CREATE by an account that is being deployed'),
    mutation: {
      find: "if (opcode === 'CREATE') return contract === sender.address",
      replace: "if (opcode === 'CREATE') return false",
    },
  },
  {
    clause: 'OP-041',
    requires: 'No EXTCODE*/CALL to codeless address',
    where: 'validation/rules/code.ts',
    test: rule('STATICCALL of an address without code'),
    mutation: { find: "rule: 'OP-041',", replace: "rule: 'none'," },
  },
  {
    clause: 'OP-042',
    requires: 'Except sender, from factory',
    where: 'validation/rules/code.ts',
    test: rule('a factory that looks at the sender before it exists'),
    mutation: { find: 'if (target === phase.entities.sender.address) return []', replace: '' },
  },
  {
    clause: 'OP-051',
    requires: 'EntryPoint EXTCODESIZE;ISZERO allowed',
    where: entryPointAccess,
    test: rule('EXTCODESIZE ISZERO of the EntryPoint'),
    mutation: { find: '...(access?.inspected', replace: '...(access' },
  },
  {
    clause: 'OP-052',
    requires: 'depositTo(sender) from sender/factory',
    where: entryPointAccess,
    test: rule('depositTo the sender by the factory'),
    mutation: { find: '|| call.from === entities.factory?.address', replace: '' },
  },
  {
    clause: 'OP-053',
    requires: 'EntryPoint fallback from sender, any value',
    where: entryPointAccess,
    test: rule('the prefund paid by the account'),
    mutation: {
      find: "if (call.inputHead === '0x') return fromSender",
      replace: "if (call.inputHead === '0x') return false",
    },
  },
  {
    clause: 'OP-054',
    requires: 'Other EntryPoint access banned',
    where: entryPointAccess,
    test: rule('balanceOf in the EntryPoint'),
    mutation: { find: '...(forbidden\n', replace: '...(false && forbidden\n' },
  },
  {
    clause: 'OP-055',
    requires: 'incrementNonce() from sender allowed',
    where: entryPointAccess,
    test: rule('incrementNonce by the account'),
    mutation: {
      find: 'if (selector === incrementNonce) return fromSender',
      replace: 'if (selector === incrementNonce) return false',
    },
  },
  {
    clause: 'OP-061',
    requires: 'CALL with value banned elsewhere',
    where: 'validation/rules/calls.ts',
    test: rule('value to another contract by a staked paymaster'),
    mutation: { find: 'call.valueWei > 0n &&', replace: 'call.valueWei > 1n &&' },
  },
  {
    clause: 'OP-062',
    requires: 'Precompiles 0x1–0x11 and P256VERIFY only',
    where: 'validation/rules/code.ts',
    test: rule('a precompile that London does not have'),
    mutation: { find: 'isAcceptedPrecompile(target, phase.evm)', replace: 'isPrecompileRange(target)' },
    note: 'those that the chain has at its level (--fork, --extra-precompiles)',
  },
  {
    clause: 'OP-070',
    requires: 'Transient storage treated as storage',
    where: 'validation/rules/storage.ts',
    test: rule('a foreign transient slot is judged like a persistent one'),
    mutation: {
      file: 'validation/tracers/debugCollector.ts',
      find: 'if (opcode === 0x54 || opcode === 0x5c)',
      replace: 'if (opcode === 0x54)',
    },
  },
  {
    clause: 'OP-080',
    requires: 'BALANCE/SELFBALANCE only from staked entity',
    where: 'validation/rules/opcodes.ts',
    test: rule('forbid SELFBALANCE'),
    mutation: { find: 'if (seesBalance.has(opcode) && !phase.entity.isStaked) {', replace: 'if (false) {' },
  },
  {
    clause: 'COD-010',
    requires: 'EXTCODEHASH of visited addresses unchanged at second validation',
    where: 'validation/validation.ts',
    test: { file: 'validation/secondValidation.test.ts', title: 'refuses with COD-010 when code' },
    mutation: {
      find: 'if (verdict.value.codeHash !== validated.codeHash) return rejectChangedCode(validated)',
      replace: '',
    },
  },
  {
    clause: 'EREP-060',
    requires: 'Staked factory: factory/sender may CREATE/CREATE2',
    where: creations,
    test: rule('CREATE2 by an account that a staked factory deploys'),
    mutation: {
      find: 'if (factory.isStaked && contract === sender.address) return true',
      replace: '',
    },
  },
  {
    clause: 'EREP-061',
    requires: 'Staked factory may use CREATE utility',
    where: creations,
    test: rule('CREATE and CREATE2 by a staked factory'),
    mutation: { find: "if (factory.isStaked && role === 'factory') return true", replace: '' },
  },
  {
    clause: 'AUTH-010',
    requires: 'One authorization per op',
    where: 'rpc/parseUserOperation.ts',
    test: { file: 'rpc/parseUserOperation.test.ts', title: '[AUTH-010]' },
    mutation: { find: "if (kind === 'authorization' && Array.isArray(given))", replace: 'if (false)' },
  },
  {
    clause: 'AUTH-020',
    requires: 'Delegated account only as sender',
    where: 'validation/rules/delegation.ts',
    test: { file: 'validation/rules/delegation.test.ts', title: 'may be no other entity' },
    mutation: { find: "facts.delegate !== undefined && role !== 'sender'", replace: 'false' },
  },
  {
    clause: 'AUTH-030',
    requires: 'Delegated account accessed only if sender',
    where: 'validation/rules/delegation.ts',
    test: rule('the code of an account that delegates by EIP-7702'),
    mutation: { find: 'used === undefined', replace: 'used !== null' },
  },
  {
    clause: 'AUTH-040',
    requires: 'Same sender: same delegate across mempool',
    where: 'mempool/admission.ts',
    test: { file: 'mempool/admission.test.ts', title: '[AUTH-040]' },
    mutation: { find: '  checkDelegate,\n', replace: '' },
  },
]
