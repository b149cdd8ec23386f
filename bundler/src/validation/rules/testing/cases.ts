// One row a behaviour: the smallest entity that shows it, and the clause that forbids it, or that none does.
import { pad } from 'viem'
import {
  call,
  callEntryPoint,
  clock,
  codeless,
  creator,
  delegated,
  endless,
  invalid,
  modern,
  reader,
  selfDestructing,
  starvingCreator,
  unassigned,
  writer,
} from './contracts.ts'
import type { RuleCase } from './ruleCase.ts'
import { storageCases } from './storageCases.ts'

const entities = ['account', 'factory', 'paymaster'] as const
const calls = ['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL']
const environment = 'ORIGIN GASPRICE COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT BASEFEE'.split(' ')

const opcodes: readonly RuleCase[] = [
  ...entities.map((by): RuleCase => ({ title: `a harmless ${by}`, by, does: '', expected: 'allowed' })),
  ...entities.flatMap(by =>
    environment.map(
      (opcode): RuleCase => ({
        title: `${opcode} in the ${by}`,
        by,
        does: `${opcode} POP`,
        expected: { rule: 'OP-011', entity: by, opcode, message: `${by} uses banned opcode: ${opcode}` },
      }),
    ),
  ),
  { title: 'BLOCKHASH', does: '1 BLOCKHASH POP', expected: { rule: 'OP-011', opcode: 'BLOCKHASH' } },
  {
    title: 'INVALID in an inner call that is caught',
    does: call(invalid, { gas: '3000' }),
    expected: { rule: 'OP-011', opcode: 'INVALID', contract: invalid },
  },
  {
    title: 'SELFDESTRUCT in an inner call',
    does: call(selfDestructing),
    expected: { rule: 'OP-011', opcode: 'SELFDESTRUCT', contract: selfDestructing },
  },
  {
    title: 'a clock in an inner call of a staked paymaster',
    by: 'paymaster',
    staked: 'paymaster',
    does: call(clock),
    expected: { rule: 'OP-011', entity: 'paymaster', opcode: 'TIMESTAMP', contract: clock },
  },
  { title: 'GAS that is kept', does: 'GAS POP', expected: { rule: 'OP-012', opcode: 'GAS' } },
  ...calls.map(
    (kind): RuleCase => ({
      title: `GAS handed to a ${kind}`,
      does: call('4', { kind }),
      expected: 'allowed',
    }),
  ),
  {
    title: 'an unassigned opcode in an inner call that is caught',
    does: call(unassigned, { gas: '3000' }),
    expected: { rule: 'OP-013', opcode: '0x0c', contract: unassigned },
  },
  {
    title: 'an opcode newer than London',
    does: call(modern, { gas: '3000' }),
    expected: { rule: 'OP-013', opcode: 'PUSH0' },
  },
  {
    title: 'an opcode of Shanghai, where the chain has it',
    does: call(modern, { gas: '3000' }),
    fork: 'shanghai',
    expected: 'allowed',
  },
  ...entities.map(
    (by): RuleCase => ({
      title: `an inner call of the ${by} that runs out of gas and is caught`,
      by,
      does: call(endless, { gas: '500' }),
      expected: { rule: 'OP-020', entity: by, contract: endless },
    }),
  ),
  {
    title: 'an inner SSTORE that is refused for want of gas',
    does: call(writer, { gas: '2300' }),
    expected: { rule: 'OP-020', contract: writer },
  },
  {
    title: 'a creation that runs out of gas',
    by: 'factory',
    staked: 'factory',
    does: call(starvingCreator, { gas: '40000' }),
    expected: { rule: 'OP-020', entity: 'factory' },
  },
  {
    title: 'a precompile that runs out of gas',
    does: call('1', { gas: '10' }),
    expected: { rule: 'OP-020', contract: pad('0x01', { size: 20 }) },
  },
  { title: 'BALANCE', does: `${reader} BALANCE POP`, expected: { rule: 'OP-080', opcode: 'BALANCE' } },
  { title: 'SELFBALANCE', does: 'SELFBALANCE POP', expected: { rule: 'OP-080', opcode: 'SELFBALANCE' } },
  {
    title: 'BALANCE and SELFBALANCE by a staked paymaster',
    by: 'paymaster',
    staked: 'paymaster',
    does: `SELFBALANCE POP ${reader} BALANCE POP`,
    expected: 'allowed',
  },
]

const creations: readonly RuleCase[] = [
  ...entities.map(
    (by): RuleCase => ({
      title: `CREATE by an unstaked ${by}`,
      by,
      does: '0 0 0 CREATE POP',
      expected: { rule: 'OP-011', entity: by, opcode: 'CREATE' },
    }),
  ),
  ...entities.map(
    (by): RuleCase => ({
      title: `CREATE2 of something else by an unstaked ${by}`,
      by,
      does: '1 0 0 0 CREATE2 POP',
      expected: { rule: 'OP-031', entity: by, opcode: 'CREATE2' },
    }),
  ),
  {
    title: 'CREATE and CREATE2 by a staked factory',
    by: 'factory',
    staked: 'factory',
    does: `0 0 0 CREATE POP 1 0 0 0 CREATE2 POP ${call(creator)}`,
    expected: 'allowed',
  },
  {
    title: 'CREATE by an account that is being deployed',
    deploys: true,
    does: '0 0 0 CREATE POP',
    expected: 'allowed',
  },
  {
    title: 'CREATE through another contract by an account that is being deployed',
    deploys: true,
    does: call(creator),
    expected: { rule: 'OP-011', entity: 'account', opcode: 'CREATE', contract: creator },
  },
  {
    title: 'CREATE2 by an account that an unstaked factory deploys',
    deploys: true,
    does: '0 0 0 0 CREATE2 POP',
    expected: { rule: 'OP-031', entity: 'account', opcode: 'CREATE2' },
  },
  {
    title: 'CREATE2 by an account that a staked factory deploys',
    deploys: true,
    staked: 'factory',
    does: '0 0 0 0 CREATE2 POP',
    expected: 'allowed',
  },
]

const code: readonly RuleCase[] = [
  ...calls.map(
    (kind): RuleCase => ({
      title: `${kind} of an address without code`,
      does: call(codeless, { kind }),
      expected: { rule: 'OP-041', opcode: kind, contract: codeless },
    }),
  ),
  ...['EXTCODESIZE', 'EXTCODEHASH'].map(
    (opcode): RuleCase => ({
      title: `${opcode} of an address without code`,
      does: `${codeless} ${opcode} POP`,
      expected: { rule: 'OP-041', opcode, contract: codeless },
    }),
  ),
  {
    title: 'EXTCODECOPY of an address without code',
    does: `0 0 0 ${codeless} EXTCODECOPY`,
    expected: { rule: 'OP-041', opcode: 'EXTCODECOPY', contract: codeless },
  },
  {
    title: 'a factory that looks at the sender before it exists',
    by: 'factory',
    does: 'SENDER EXTCODESIZE POP',
    expected: 'allowed',
  },
  { title: 'the precompile ecrecover', does: call('1'), expected: 'allowed' },
  {
    title: 'a precompile that London does not have',
    does: call('10'),
    expected: { rule: 'OP-062', opcode: 'CALL', contract: pad('0x0a', { size: 20 }) },
  },
  {
    title: 'a precompile of Prague, where the chain has it',
    does: call('0x11'),
    fork: 'prague',
    expected: 'allowed',
  },
  {
    title: 'a precompile of Prague at the level of Cancun',
    does: call('0x11'),
    fork: 'cancun',
    expected: { rule: 'OP-062', contract: pad('0x11', { size: 20 }) },
  },
  {
    title: 'P256VERIFY where only the operator knows of it',
    does: call('0x100'),
    extraPrecompiles: [pad('0x0100', { size: 20 })],
    expected: 'allowed',
  },
  {
    title: 'the code of an account that delegates by EIP-7702',
    does: call(delegated),
    expected: { rule: 'AUTH-030', contract: delegated },
  },
  {
    title: 'value to another contract',
    does: call(reader, { value: 1 }),
    expected: { rule: 'OP-061', entity: 'account', opcode: 'CALL', contract: reader },
  },
  {
    title: 'value to another contract by a staked paymaster',
    by: 'paymaster',
    staked: 'paymaster',
    does: call(reader, { value: 1 }),
    expected: { rule: 'OP-061', entity: 'paymaster', opcode: 'CALL', contract: reader },
  },
]

const entryPoint: readonly RuleCase[] = [
  {
    title: 'EXTCODESIZE ISZERO of the EntryPoint',
    does: 'ENTRYPOINT EXTCODESIZE ISZERO POP',
    expected: 'allowed',
  },
  ...['EXTCODESIZE', 'EXTCODEHASH'].map(
    (opcode): RuleCase => ({
      title: `${opcode} of the EntryPoint`,
      does: `ENTRYPOINT ${opcode} POP`,
      expected: { rule: 'OP-054', opcode },
    }),
  ),
  {
    title: 'depositTo the sender, with value, by the account',
    does: callEntryPoint('0xb760faf9', 'SENDER', { value: 5 }),
    expected: 'allowed',
  },
  {
    title: 'depositTo the sender by the factory',
    by: 'factory',
    does: callEntryPoint('0xb760faf9', 'SENDER'),
    expected: 'allowed',
  },
  {
    title: 'depositTo another address by the account',
    does: callEntryPoint('0xb760faf9', reader),
    expected: { rule: 'OP-054', entity: 'account', opcode: 'CALL' },
  },
  {
    title: 'depositTo the sender by the paymaster',
    by: 'paymaster',
    does: callEntryPoint('0xb760faf9', 'SENDER'),
    expected: { rule: 'OP-054', entity: 'paymaster', opcode: 'CALL' },
  },
  { title: 'the prefund paid by the account', does: call('ENTRYPOINT', { value: 5 }), expected: 'allowed' },
  {
    title: 'the fallback of the EntryPoint called by the paymaster',
    by: 'paymaster',
    does: call('ENTRYPOINT', { value: 5 }),
    expected: { rule: 'OP-054', entity: 'paymaster', opcode: 'CALL' },
  },
  { title: 'incrementNonce by the account', does: callEntryPoint('0x0bd28e3b', '5'), expected: 'allowed' },
  {
    title: 'incrementNonce by the paymaster',
    by: 'paymaster',
    does: callEntryPoint('0x0bd28e3b', '5'),
    expected: { rule: 'OP-054', entity: 'paymaster', opcode: 'CALL' },
  },
  {
    title: 'balanceOf in the EntryPoint',
    does: callEntryPoint('0x70a08231', 'SENDER', { kind: 'STATICCALL' }),
    expected: { rule: 'OP-054', opcode: 'STATICCALL' },
  },
]

const context: readonly RuleCase[] = [
  { title: 'a context of 2048 bytes', by: 'paymaster', does: '', contextBytes: 2048, expected: 'allowed' },
  {
    title: 'a context of 2049 bytes',
    by: 'paymaster',
    does: '',
    contextBytes: 2049,
    expected: { rule: 'LIM-020', entity: 'paymaster' },
  },
  {
    title: 'a context too large to be read',
    by: 'paymaster',
    does: '',
    contextBytes: 9000,
    expected: { rule: 'LIM-020', entity: 'paymaster' },
  },
  {
    title: 'the context of an unstaked paymaster, where that is refused',
    by: 'paymaster',
    does: '',
    contextBytes: 1,
    refusesUnstakedContext: true,
    expected: { rule: 'EREP-050', entity: 'paymaster' },
  },
  {
    title: 'the context of a staked paymaster, where that of others is refused',
    by: 'paymaster',
    staked: 'paymaster',
    does: '',
    contextBytes: 1,
    refusesUnstakedContext: true,
    expected: 'allowed',
  },
]

export const ruleCases = {
  opcodes,
  creations,
  code,
  'the EntryPoint': entryPoint,
  storage: storageCases,
  context,
}
