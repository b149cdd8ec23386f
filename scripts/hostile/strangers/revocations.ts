// Pays in the token, and takes the allowance back while the bundle waits: the paymaster's validation fails by the
// sender's doing.
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { type Hash, parseEther, parseGwei } from 'viem'
import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import type { Caller } from '../caller.ts'
import type { House, OwnedAccount } from '../house.ts'
import { approvalCall, plainOperation, send, signed, withPaymaster } from '../operation.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

export function revocations(house: House, caller: Caller): Stranger {
  const { contracts } = house.devnet

  async function mined(owner: DeploymentClient, sent: Promise<Hash>): Promise<void> {
    await owner.waitForTransactionReceipt({ hash: await sent, timeout: 30_000 })
  }

  /** By the owner's own transaction, ahead of any bundle. */
  function approve(owner: DeploymentClient, { account }: OwnedAccount, amountWei: bigint): Promise<Hash> {
    const { to, data } = approvalCall(house, contracts.paymaster, amountWei)
    return owner.writeContract({
      address: account.address,
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: [to, 0n, data],
      gas: 200_000n,
      maxFeePerGas: parseGwei('200'),
      maxPriorityFeePerGas: parseGwei('50'),
    })
  }

  return {
    name: 'revoked allowances',
    everyMilliseconds: 5_000,
    async act() {
      try {
        const owned = await house.newAccount()
        const owner = await house.richClient(owned.owner, parseEther('0.5'))
        await house.faucet.giveTokens(owned.account.address, parseEther('0.5'))
        const creation = {
          address: contracts.simpleAccountFactory,
          abi: simpleAccountFactoryAbi,
          functionName: 'createAccount',
        } as const
        await mined(owner, owner.writeContract({ ...creation, args: [owner.account.address, 0n] }))
        await mined(owner, approve(owner, owned, parseEther('1')))
        const plain = await plainOperation(house, owned, { caller })
        const paid = await withPaymaster(house, caller, plain, { token: contracts.token })
        await send(house, caller, await signed(owned, paid))
        await mined(owner, approve(owner, owned, 0n))
        return 'accepted, then revoked'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
