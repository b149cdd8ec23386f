// What an operator should be woken for, or look at in the morning, and what he is to do then.

export type Alert = {
  readonly name: string
  readonly severity: 'page' | 'look'
  /** PromQL; it fires while this gives anything. */
  readonly expression: string
  /** How long it has to hold, as Prometheus writes it. */
  readonly lasting: string
  /** For people: what is so. */
  readonly says: string
  /** For people: what to do. */
  readonly remedy: string
}

export const alerts: readonly Alert[] = [
  {
    name: 'DaemonDown',
    severity: 'page',
    expression: 'up{job=~"worldland-.*"} == 0',
    lasting: '2m',
    says: '{{ $labels.job }} does not answer',
    remedy: 'read its log; exit code 78 is a wrong setting, 69 something it needs',
  },
  {
    name: 'NothingLands',
    severity: 'page',
    expression:
      'sum(bundler_mempool_operations) > 0 and sum(increase(bundler_receipt_own_landed_total[15m])) == 0',
    lasting: '15m',
    says: 'operations wait, and none has landed for a quarter of an hour',
    remedy:
      '`/health` of the bundler; does the chain still get blocks, and are the fees above `--max-fee-per-gas-wei`?',
  },
  {
    name: 'ExecutorSetAside',
    severity: 'page',
    expression: 'bundler_submission_executor_set_aside == 1',
    lasting: '5m',
    says: 'executor {{ $labels.executor }} sends nothing',
    remedy: 'send coin to it, or give its key again',
  },
  {
    name: 'ExecutorRunsLow',
    severity: 'look',
    expression: 'bundler_submission_executor_balance_wei < 1e17',
    lasting: '10m',
    says: 'executor {{ $labels.executor }} holds less than 0.1 coin',
    remedy: 'send coin to it: below `--minimum-executor-balance-wei` it is set aside',
  },
  {
    name: 'BundlesRevert',
    severity: 'look',
    expression: 'sum(increase(bundler_submission_mined_total{status="reverted"}[1h])) > 3',
    lasting: '0m',
    says: 'bundles revert, at the expense of the executors',
    remedy: 'look for "reverted" in the log; does another bundler use the same keys?',
  },
  {
    name: 'BundlingLosesMoney',
    severity: 'look',
    expression:
      'sum(increase(bundler_submission_cost_wei_total[6h])) - sum(increase(bundler_submission_revenue_wei_total[6h])) > 1e16',
    lasting: '0m',
    says: 'bundles cost more than they earned, for six hours',
    remedy: 'raise `--profit-margin-percent`; see BundlesRevert',
  },
  {
    name: 'NodeFails',
    severity: 'look',
    expression: 'sum(increase(bundler_bundling_outages_total[10m])) > 5',
    lasting: '5m',
    says: 'the execution node fails the bundler again and again',
    remedy: '`worldland-bundler probe`; give it a better node',
  },
  {
    name: 'PaymasterAway',
    severity: 'page',
    expression: 'bundler_paymaster_answers == 0',
    lasting: '5m',
    says: 'the paymaster does not answer its bundler: nobody without coin can send anything',
    remedy: 'its /health and log; --paymaster-url; `/health` of the bundler says since when',
  },
  {
    name: 'PaymasterSignerRevoked',
    severity: 'page',
    expression: 'paymaster_signer_trusted == 0',
    lasting: '1m',
    says: 'the contract trusts the signer no more: nothing is signed',
    remedy:
      'start with another signer, or have the owner call `setSigner` (`npm run deploy -- --paymaster-signer`)',
  },
  {
    name: 'PaymasterDepositLow',
    severity: 'page',
    expression:
      'paymaster_deposit_coins{part="all"} - ignoring(part) paymaster_deposit_coins{part="held"} < 0.1',
    lasting: '10m',
    says: 'less than 0.1 coin of the gas deposit is free',
    remedy: 'send coin to the treasury; raise `--deposit-target-wei` if that was not all',
  },
  {
    name: 'PaymasterPaused',
    severity: 'look',
    expression: 'paymaster_paused == 1',
    lasting: '1h',
    says: 'the paymaster has been paused for an hour',
    remedy: '`worldland-paymaster resume`',
  },
  {
    name: 'TokenDebt',
    severity: 'look',
    expression: 'sum(delta(paymaster_lost_wei[1d])) > 1e17',
    lasting: '0m',
    says: 'more than 0.1 coin of gas was not paid back in the token, in a day',
    remedy:
      'lower `--deferred-per-sender-wei` and `--deferred-global-wei`; `worldland-paymaster block` who does it',
  },
  {
    name: 'UnknownSignature',
    severity: 'page',
    expression: 'sum(increase(paymaster_settled_total{outcome="unknown"}[1h])) > 0',
    lasting: '0m',
    says: 'an operation landed on a signature that the ledger does not know',
    remedy: 'after a restore that is to be expected; else the signer is used elsewhere: revoke it',
  },
  {
    name: 'ManyTurnedAway',
    severity: 'look',
    expression: 'sum by (job, reason) (rate(door_turned_away_total[5m])) > 10',
    lasting: '10m',
    says: '{{ $labels.job }} turns many away: {{ $labels.reason }}',
    remedy: 'is a proxy missing in `--trusted-proxies`? Else somebody tries: block him before the door',
  },
]
