// ERC-7562 "Storage rules" and "Local rules".
import type { Row, TestReference } from '../row.ts'

const rule = (title: string): TestReference => ({ file: 'validation/rules/rules.test.ts', title })
const where = 'validation/rules/storage.ts'

export const storageRows: readonly Row[] = [
  {
    clause: 'STO-010',
    requires: "Account's own storage always allowed",
    where,
    test: rule("allow the account's own storage"),
    mutation: { find: 'if (contract === entities.sender.address) return []', replace: '' },
  },
  {
    clause: 'STO-021',
    requires: 'Sender-associated slots, account exists',
    where,
    test: rule("allow the sender's slot in a mapping"),
    mutation: {
      find: 'if (factory === undefined || (factory.isStaked && isVouchedFor)) return undefined',
      replace: 'if (factory?.isStaked) return undefined',
    },
  },
  {
    clause: 'STO-022',
    requires: '…or initCode with staked factory',
    where,
    test: rule("the sender's slot written by the account while an unstaked factory deploys the sender"),
    note: 'by the account only with EntryPoint v0.6 and v0.7: the official suite for them refuses it to a paymaster without a stake of its own',
    mutation: {
      find: "return unstaked('STO-022', 'deploy the account before, or stake its factory')",
      replace: 'return undefined',
    },
  },
  {
    clause: 'STO-031',
    requires: 'Staked entity: own storage',
    where,
    test: rule('the storage of an unstaked paymaster'),
    mutation: {
      find: "if (contract === entity.address) return unstaked('STO-031',",
      replace: "if (contract === entity.address) return undefined\n  void ((_: string) => '')(",
    },
  },
  {
    clause: 'STO-032',
    requires: 'Staked: associated slots, read/write',
    where,
    test: rule("an unstaked paymaster's slot in a mapping"),
    mutation: {
      find: "if (access.ofEntity(slot)) return unstaked('STO-032',",
      replace: "if (access.ofEntity(slot)) return undefined\n  void ((_: string) => '')(",
    },
  },
  {
    clause: 'STO-033',
    requires: 'Staked: read-only elsewhere',
    where,
    test: rule('a foreign slot written by a staked paymaster'),
    mutation: { find: 'if (!written) {', replace: 'if (true) {' },
  },
  {
    clause: 'STO-040',
    requires: "Entity may not be another op's sender (local)",
    where: 'mempool/admission.ts',
    test: { file: 'mempool/admission.test.ts', title: '[STO-040]' },
    mutation: { find: '  checkRoles,\n', replace: '' },
  },
  {
    clause: 'STO-041',
    requires: 'No associated storage inside another mempool sender (local)',
    where: 'bundling/company.ts',
    test: { file: 'bundling/selection.test.ts', title: '[STO-041]' },
    mutation: {
      find: 'return part.touched.some(address => senders.has(address))',
      replace: 'return false',
    },
    note: 'taken, and kept apart from the sender’s own: refused, a token that is an account could shut its holders out',
  },
]
