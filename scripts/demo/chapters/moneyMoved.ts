// What the market's events say about money: who gave how many tokens to whom. The ledger holds the balances
// against it.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
import type { Address } from 'viem'

export type Move = { readonly from: Address; readonly to: Address; readonly wei: bigint }

/** Where native coin becomes tokens and back: what it holds is what is not in circulation. */
export const outside: Address = '0x0000000000000000000000000000000000000000'
/** Where half of a slashed bond goes, for ever. */
export const burnt: Address = '0x000000000000000000000000000000000000dEaD'

/** What events do not repeat, kept from one to the next. */
export type MoneyMemory = { readonly brokers: Map<bigint, Address> }

export function moneyMoved(
  event: ComputeEvent,
  known: {
    readonly contracts: ComputeContracts
    readonly pingDepositWei: bigint
    readonly memory: MoneyMemory
  },
): readonly Move[] {
  const { contracts, pingDepositWei, memory } = known
  const move = (from: Address, to: Address, wei: bigint): Move => ({ from, to, wei })
  const lease = contracts.instanceLease
  switch (event.eventName) {
    // The token and the paymaster
    case 'Deposit':
      return [move(outside, event.args.account, event.args.amountWei)]
    case 'Withdrawal':
      return [move(event.args.account, outside, event.args.amountWei)]
    case 'TokenCharged':
      return [move(event.args.sender, contracts.paymaster, event.args.chargeWei)]
    // What a tank spends stays where it is: the paymaster keeps the tanks.
    case 'TankFilled':
      return [move(event.args.payer, contracts.paymaster, event.args.amountWei)]
    case 'TankWithdrawn':
      return [move(contracts.paymaster, event.args.recipient, event.args.amountWei)]
    // Bonds
    case 'Staked':
      return [move(event.args.provider, contracts.providerRegistry, event.args.amountWei)]
    case 'Slashed':
      return [
        move(contracts.providerRegistry, event.args.harmed, event.args.harmedWei),
        move(contracts.providerRegistry, burnt, event.args.burntWei),
      ]
    // Leases
    case 'LeaseOpened':
      memory.brokers.set(event.args.leaseId, event.args.broker)
      return [move(event.args.payer, lease, event.args.escrowWei)]
    case 'LeaseFunded':
      return [move(event.args.fundedBy, lease, event.args.amountWei)]
    case 'LeasePinged':
      return [move(event.args.pinger, lease, pingDepositWei)]
    case 'LeasePonged':
      // Every provider of the story is its own payout.
      return [move(lease, event.args.provider, event.args.pingDepositWei)]
    case 'LeaseSettled':
    case 'LeaseFaulted': {
      const { leaseId, payer, payout, providerWei, brokerWei, refundWei } = event.args
      // In the story, who is harmed is who pinged.
      const depositWei = event.eventName === 'LeaseFaulted' ? event.args.pingDepositWei : 0n
      return [
        move(lease, payout, providerWei),
        move(lease, memory.brokers.get(leaseId) ?? outside, brokerWei),
        move(lease, payer, refundWei + depositWei),
      ]
    }
    // Sessions
    case 'SessionOpened':
      return [move(event.args.payer, contracts.serverlessSession, event.args.budgetWei)]
    case 'VoucherRedeemed':
      return [move(contracts.serverlessSession, event.args.payout, event.args.paidWei)]
    case 'SessionFinalized':
      return [move(contracts.serverlessSession, event.args.payer, event.args.refundWei)]
    // Models
    case 'PurchasePaid':
      return [move(event.args.buyer, contracts.modelNft, event.args.priceWei)]
    case 'Withdrawn':
      return event.contract === 'modelNft'
        ? [move(contracts.modelNft, event.args.account, event.args.amountWei)]
        : [move(contracts.providerRegistry, event.args.provider, event.args.amountWei)]
    default:
      return []
  }
}
