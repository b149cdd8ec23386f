// Puts the entities of a rule case on a chain, and gives the operation in which they meet.
import type { Address } from 'viem'
import { accountCode, factoryCode, paymasterCode, senderOf } from '../../testing/assemble.ts'
import type { Stage } from '../../testing/gethChain.ts'
import { testOperation } from '../../testing/operation.ts'
import { freshAddress } from '../../testing/testChain.ts'
import type { UserOperation } from '../../validatedOperation.ts'
import { contracts } from './contracts.ts'
import type { RuleCase } from './ruleCase.ts'

/** The contracts that cases call, at their addresses. */
export async function placeContracts(chain: Stage): Promise<void> {
  for (const [address, code] of Object.entries(contracts)) await chain.place(code, address as Address)
}

export async function placeCase(chain: Stage, given: RuleCase): Promise<UserOperation> {
  const by = given.by ?? 'account'
  const hasFactory = by === 'factory' || given.deploys === true
  const paymaster = by === 'paymaster' ? freshAddress() : undefined
  const factory = hasFactory ? freshAddress() : undefined
  // The address of a sender that is deployed depends on its code: there it must be found at run time.
  const fill = (body: string, sender: string): string =>
    body
      .replaceAll('SENDER', sender)
      .replaceAll('FACTORY', factory ?? '')
      .replaceAll('PAYMASTER', paymaster ?? '')
      .replaceAll('ENTRYPOINT', chain.entryPoint)
  const account = accountCode(by === 'account' ? fill(given.does, 'ADDRESS') : '')
  const sender = factory === undefined ? freshAddress() : senderOf(factory, account)
  if (factory === undefined) await chain.place(account, sender)
  else await chain.place(factoryCode(by === 'factory' ? fill(given.does, sender) : '', account), factory)
  if (paymaster !== undefined) {
    await chain.place(paymasterCode(fill(given.does, sender), given.contextBytes), paymaster)
  }
  // What an entity sends must be there for the call to be tried at all.
  for (const address of [sender, paymaster]) {
    if (address !== undefined) await chain.setBalance(address, 1_000n)
  }
  return testOperation({
    sender,
    ...(factory && { factory }),
    ...(paymaster && { paymaster }),
  })
}
