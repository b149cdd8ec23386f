// Binds the actions of the gas tank.
import type { Client } from 'viem'
import { fillTank } from '../actions/tank/fillTank.ts'
import { getTank } from '../actions/tank/getTank.ts'
import { quoteExitReserve } from '../actions/tank/quoteExitReserve.ts'
import { withdrawTank } from '../actions/tank/withdrawTank.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /** Returns what is in an account's gas tank; every account has one, empty at first. */
  getTank,
}
const writes = {
  /**
   * Fills a gas tank: anybody may fill any account's. Its holder then pays by `gasFrom: 'tank'`, also with an empty
   * wallet, and takes the rest back by `withdrawTank`.
   */
  fillTank,
  /** Withdraws from the sender's gas tank; nobody else can. */
  withdrawTank,
  /**
   * Quotes the gas of stopping and settling a lease in one operation, at three times the present price. The client
   * must speak to a bundler.
   */
  quoteExitReserve,
}

/** What any client can do. */
export type TankReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type TankActions = TankReadActions & BoundActions<typeof writes>

export function tankReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): TankReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { tankActions } from '@worldland-aa/sdk/clients/tankActions'
 *
 * const client = smartAccountClient.extend(tankActions({ contracts }))
 * const hash = await client.fillTank({ amountWei })
 */
export function tankActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): TankActions => ({
    ...tankReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
