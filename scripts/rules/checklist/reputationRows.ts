// ERC-7562 on reputation: general, of staked and unstaked entities, of alternative mempools.
import type { Row, TestReference } from '../row.ts'

const admission = (title: string): TestReference => ({ file: 'mempool/admission.test.ts', title })
const blame = (title: string): TestReference => ({ file: 'bundling/blame.test.ts', title })
const reputation = (title: string): TestReference => ({ file: 'reputation/reputation.test.ts', title })
const topics = (title: string): TestReference => ({
  file: 'participation/gossip/alternativeTopics.test.ts',
  title,
})

export const reputationRows: readonly Row[] = [
  {
    clause: 'GREP-010',
    requires: 'Banned: refuse, purge mempool',
    where: 'mempool/overstayed.ts',
    test: { file: 'mempool/overstayed.test.ts', title: '[GREP-010]' },
    mutation: { find: "if (status === 'banned') departures", replace: 'if (false) departures' },
  },
  {
    clause: 'GREP-020',
    requires: 'Throttled: 4 mempool, 4 bundle, 10 blocks',
    where: 'mempool/admission.ts',
    test: admission('[GREP-020]'),
    mutation: { find: "if (status === 'throttled' && countOf", replace: 'if (false && countOf' },
    note: 'the bundle: bundling/selection.ts; the blocks: mempool/overstayed.ts',
  },
  {
    clause: 'GREP-040',
    requires: 'Fails bundle after second validation: opsSeen=10000, included=0',
    where: 'bundling/blame.ts',
    test: { file: 'bundling/bundling.test.ts', title: '[GREP-040]' },
    mutation: { find: 'record.crashed(', replace: 'void (' },
    note: 'if the bundle reverted on chain, or the EntryPoint refuses on the very block of second validation, alone or in company; an unstaked account, which has no reputation, is kept out after three',
  },
  {
    clause: 'GREP-050',
    requires: 'Replacement removing entity: opsSeen−1',
    where: 'mempool/intake.ts',
    test: { file: 'mempool/intake.test.ts', title: '[GREP-050]' },
    mutation: { find: '.forget(recordedEntities(replaced.validated))', replace: '.forget([])' },
    note: 'and of one that stays, which is counted again with the replacement',
  },
  {
    clause: 'SREP-010',
    requires: 'Staked: ≥MIN_STAKE_VALUE and ≥MIN_UNSTAKE_DELAY',
    where: 'validation/entityState.ts',
    test: { file: 'validation/validation.test.ts', title: '[SREP-010]' },
    mutation: { find: 'unstakeDelaySeconds >= stakeMinimums.unstakeDelaySeconds', replace: 'true' },
  },
  {
    clause: 'SREP-040',
    requires: 'OK staked entity unlimited',
    where: 'mempool/admission.ts',
    test: admission('[SREP-040]'),
    mutation: {
      find: 'if (paymaster === undefined || paymaster.isStaked) return undefined',
      replace: 'if (paymaster === undefined) return undefined',
    },
  },
  {
    clause: 'UREP-010',
    requires: 'Unstaked sender ≤4 ops in mempool',
    where: 'mempool/admission.ts',
    test: admission('[UREP-010]'),
    mutation: { find: '  checkSenderCount,\n', replace: '' },
  },
  {
    clause: 'UREP-020',
    requires: 'Unstaked paymaster: 10+inclusionRate×min(included,10000)',
    where: 'mempool/admission.ts',
    test: admission('[UREP-020]'),
    mutation: { find: 'limits.maxPerUnstakedPaymaster + earned', replace: 'limits.maxPerUnstakedPaymaster' },
  },
  {
    clause: 'EREP-010',
    requires: 'Paymaster deposit covers all mempool ops (−32508)',
    where: 'mempool/admission.ts',
    test: admission('[EREP-010]'),
    mutation: { find: '  checkDeposit,\n', replace: '' },
  },
  {
    clause: 'EREP-015',
    requires: 'Account/factory failure: paymaster opsSeen−1',
    where: 'bundling/blame.ts',
    test: blame('[EREP-015]'),
    mutation: { find: 'record.forget(', replace: 'void (' },
  },
  {
    clause: 'EREP-016',
    requires: 'Same for aggregator',
    where: 'validation/entryPointRefusal.ts',
    test: { file: 'validation/entryPointRefusal.test.ts', title: '[EREP-016]' },
    mutation: { find: 'isAggregated ? aggregated : {}', replace: '{}' },
    note: 'every aggregator is refused (EREP-040), so none has a record',
  },
  {
    clause: 'EREP-020',
    requires: 'Staked factory accountable for account',
    where: 'bundling/blame.ts',
    test: blame('[EREP-020]'),
    mutation: { find: 'return factory?.isStaked === true ? factory : sender', replace: 'return sender' },
  },
  {
    clause: 'EREP-030',
    requires: 'Staked account accountable for paymaster/aggregator',
    where: 'bundling/blame.ts',
    test: blame('[EREP-030]'),
    mutation: {
      find: "if (role === 'paymaster' && sender.isStaked) return sender",
      replace: '',
    },
    note: 'and an unstaked one for what it alone has changed (bundling/attribution.ts): its allowance, its tank',
  },
  {
    clause: 'EREP-040',
    requires: 'Aggregator must be staked',
    where: 'validation/entryPointRefusal.ts',
    test: { file: 'validation/entryPointRefusal.test.ts', title: 'with AA24 is refused with -32506' },
    mutation: { find: 'isAggregated ? aggregated : {}', replace: '{}' },
    note: 'every aggregator is refused (-32506): none is served',
  },
  {
    clause: 'EREP-050',
    requires: 'Unstaked paymaster may not return context',
    where: 'validation/rules/paymasterContext.ts',
    test: { file: 'validation/rules/rules.test.ts', title: 'the context of an unstaked paymaster' },
    mutation: { find: "rule: 'EREP-050',", replace: "rule: 'none'," },
    note: 'but with EntryPoint v0.7, for which the official suite expects it allowed (--allow-unstaked-paymaster-context)',
  },
  {
    clause: 'EREP-055',
    requires: 'Context size change plus bundle revert: ban',
    where: 'bundling/blame.ts',
    test: { file: 'bundling/bundling.test.ts', title: '[EREP-055]' },
    mutation: {
      file: 'bundling/culprits.ts',
      find: 'if (changer !== undefined)',
      replace: 'if (changer === null)',
    },
    note: 'a bundle that fails on chain is blamed likewise (bundling/blame.test.ts)',
  },
  {
    clause: 'EREP-070',
    requires: 'Staked entity cutting validation gas >10% at bundling: throttle',
    where: 'bundling/blame.ts',
    test: { file: 'bundling/bundling.test.ts', title: '[EREP-070]' },
    mutation: {
      file: 'bundling/revalidation.ts',
      find: 'record.dodged(entity)',
      replace: 'record.entryOf(entity)',
    },
  },
  {
    clause: 'ALT-010',
    requires: 'Listen on alt-mempool topic',
    where: 'participation/gossip/topics.ts',
    test: topics('[ALT-010]'),
    mutation: {
      find: 'const owners = mempools.flatMap(',
      replace: 'const owners = mempools.slice(0, 1).flatMap(',
    },
    note: 'where bundlers are connected (--p2p-listen, --bootnodes)',
  },
  {
    clause: 'ALT-020',
    requires: 'Check alt rules only after canonical violation',
    where: 'validation/judgement.ts',
    test: { file: 'validation/alternativeMempools.test.ts', title: '[ALT-020]' },
    mutation: {
      find: 'violation === undefined ? undefined : mempoolsAllowing',
      replace: 'mempoolsAllowing',
    },
  },
  {
    clause: 'ALT-021',
    requires: 'Op belongs to every matching alt pool',
    where: 'validation/alternativeMempools.ts',
    test: { file: 'validation/alternativeMempools.test.ts', title: '[ALT-021]' },
    mutation: { find: '.map(({ name }) => name)', replace: '.map(({ name }) => name)\n    .slice(0, 1)' },
  },
  {
    clause: 'ALT-030',
    requires: 'Forward each op once',
    where: 'participation/gossip/outbox.ts',
    test: topics('[ALT-030]'),
    mutation: { find: 'if (!isNeeded) continue', replace: '' },
    note: 'to a bundler; through a third it may be heard of in another topic, and is not judged again',
  },
  {
    clause: 'ALT-040',
    requires: 'Reputation per alt pool',
    where: 'reputation/reputation.ts',
    test: reputation('[ALT-040]'),
    mutation: {
      find: 'return mempools === undefined ? canonical : together',
      replace: 'return mempools !== null ? canonical : together',
    },
  },
  {
    clause: 'AREP-010',
    requires: 'Alt pool has opsSeen/opsIncluded',
    where: 'reputation/reputation.ts',
    test: reputation('[AREP-010]'),
    mutation: { find: 'mempool === undefined ? keys : [prefix, ...keys]', replace: 'keys' },
  },
  {
    clause: 'AREP-020',
    requires: 'Alt pool throttled/banned likewise',
    where: 'mempool/admission.ts',
    test: admission('[AREP-020]'),
    mutation: { find: '  checkMempools,\n', replace: '' },
  },
]
