// Binds the actions of usage rights: who may use a lease or session.
import type { Client } from 'viem'
import { approveRight } from '../actions/rights/approveRight.ts'
import { chooseRight } from '../actions/rights/chooseRight.ts'
import { getRight } from '../actions/rights/getRight.ts'
import { grantRight } from '../actions/rights/grantRight.ts'
import { isAuthorized } from '../actions/rights/isAuthorized.ts'
import { isRightAuthorized } from '../actions/rights/isRightAuthorized.ts'
import { revokeRight } from '../actions/rights/revokeRight.ts'
import { setRightUser } from '../actions/rights/setRightUser.ts'
import { transferRight } from '../actions/rights/transferRight.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /** Returns a usage right. */
  getRight,
  /**
   * Returns whether an account may act in a lease or session now: by its root right, or by the right that the
   * account chose (the first one it received, unless it chose another by `chooseRight`).
   */
  isAuthorized,
  /** Returns whether an account holds a right in force that allows all of the acts. */
  isRightAuthorized,
}
const writes = {
  /** Approves one address for a right (ERC-721); the zero address takes that back. The sender owns the right. */
  approveRight,
  /**
   * Grants part of a usage right: never more than the right has, for never longer. The rights of a lease or session
   * form a tree whose root `rootRightOf` names; granting from a child is a sub-grant. The sender owns the parent,
   * which has no less to spend for it: a budget is a limit, and who comes first spends it.
   */
  grantRight,
  /**
   * Revokes a right at once, and every right granted from it. The sender owns it or one above it. Vouchers signed
   * before stay payable for an hour of blocks. Root rights cannot be revoked.
   */
  revokeRight,
  /**
   * Chooses the right that `isAuthorized` looks at for the sender, who holds it. The first right received is chosen
   * by itself.
   */
  chooseRight,
  /** Makes `user` the right's user until a moment; the zero address ends that. The sender owns the right. */
  setRightUser,
  /**
   * Transfers a right (ERC-721) from one owner to another; its user goes, the rights granted from it stay. The
   * sender owns it or is approved.
   */
  transferRight,
}

/** What any client can do. */
export type RightsReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type RightsActions = RightsReadActions & BoundActions<typeof writes>

export function rightsReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): RightsReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { rightsActions } from '@worldland-aa/sdk/clients/rightsActions'
 *
 * const client = smartAccountClient.extend(rightsActions({ contracts }))
 * const hash = await client.revokeRight({ rightId })
 */
export function rightsActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): RightsActions => ({
    ...rightsReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
