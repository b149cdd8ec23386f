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
    name: 'PromiseBroken',
    severity: 'look',
    expression: 'sum(increase(bundler_promises_broken_total{whose="own"}[1h])) > 0',
    lasting: '0m',
    says: 'an operation had not landed by the block that this bundler promised',
    remedy:
      'it lands yet, or a challenge costs stake: is it stuck behind the base fee, or an executor without coin? `worldland-bundler promises` lists them; `--promise-margin-blocks` gives more time',
  },
  {
    name: 'PromiseFined',
    severity: 'page',
    expression: 'sum(increase(bundler_promises_challenges_total{outcome=~"fined|unanswered"}[1h])) > 0',
    lasting: '0m',
    says: 'a broken promise costs stake',
    remedy:
      'set `--promises false` until it is clear why; does the account of `--operator-key-file` hold coin, and does the node answer?',
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
    name: 'ProviderNotRegistered',
    severity: 'page',
    expression: 'provider_market_registered == 0',
    lasting: '15m',
    says: 'the chain does not have the provider as its market file has it: nothing new can be rented',
    remedy: '`/health` says what is missing: coin or tokens for stake and gas, or a node that answers',
  },
  {
    name: 'ProviderCannotServe',
    severity: 'page',
    expression: 'provider_lease_failing == 1',
    lasting: '2m',
    says: 'leases cannot be looked after: an unanswered ping costs the bond',
    remedy: 'does the node answer, and the container engine? `worldland-provider status`',
  },
  {
    name: 'ProviderPartLeftBehind',
    severity: 'page',
    expression: 'provider_parts_behind_blocks >= 32',
    lasting: '0m',
    says: '{{ $labels.part }} of the provider acts on what the chain said long ago: whose right has ended may still be let in',
    remedy:
      '`parts` in `/health` says what it waits for: a node that does not answer it, or a disk that is full',
  },
  {
    name: 'ProviderRefusedByChain',
    severity: 'look',
    expression: 'sum(increase(provider_lease_acts_total{act!="judge", outcome="refused"}[30m])) > 5',
    lasting: '0m',
    says: 'what the provider does for its leases is refused again and again',
    remedy: '`worldland-provider status` says why for each lease; is there coin, or tokens, for gas?',
  },
  {
    name: 'ProviderMachineNotRunning',
    severity: 'page',
    expression: 'sum(provider_lease_standing{state="ready", machine!="running"}) > 0',
    lasting: '3m',
    says: 'a lease is paid and its machine does not run',
    remedy: '`worldland-provider logs LEASE`; a GPU that fell out, or an image that exits',
  },
  {
    name: 'ProviderDraining',
    severity: 'look',
    expression: 'provider_market_draining == 1',
    lasting: '6h',
    says: 'the provider has taken nothing new for six hours',
    remedy: '`worldland-provider drain --off`',
  },
  {
    name: 'ProviderUnpaidUse',
    severity: 'look',
    expression: 'sum(increase(provider_payment_overdue_total[1h])) > 10',
    lasting: '0m',
    says: 'payers use more than they sign, again and again: their jobs are ended',
    remedy: 'is a client without credit, or somebody trying? The log names the lanes',
  },
  {
    name: 'ProviderVoucherRefused',
    severity: 'page',
    expression: 'sum(increase(provider_payment_redemptions_refused_total[1h])) > 0',
    lasting: '0m',
    says: 'the chain would not redeem a voucher: what was served for it may be lost',
    remedy:
      'the log names its lane and signer: a contract that disowns its signature, or a right that ended while the daemon was down',
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
