// Asks for estimates of operations that burn all the gas they are given, several at once.
import { type Address, parseEther } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { plainOperation } from '../operation.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

/** Deploys `JUMPDEST PUSH1 0 JUMP`: runs until its gas is used up. */
const burnerCreation = '0x635b6000566000526004601cf3'
const atOnce = 5

export async function hardWork(house: House, caller: Caller, stranger: DeploymentClient): Promise<Stranger> {
  const creation = await stranger.sendTransaction({ data: burnerCreation, gas: 200_000n })
  const { contractAddress } = await stranger.waitForTransactionReceipt({ hash: creation })
  const burner = contractAddress as Address
  const owned = await house.newAccount()
  await house.faucet.giveCoins(owned.account.address, parseEther('1'))
  const callData = await owned.account.encodeCalls([{ to: burner, data: '0x', value: 0n }])
  return {
    name: 'hard work',
    everyMilliseconds: 500,
    async act() {
      const plain = await plainOperation(house, owned, { caller, fields: { callData } })
      const request = formatUserOperationRequest(plain)
      const answers = await Promise.all(
        Array.from({ length: atOnce }, () =>
          caller
            .call('eth_estimateUserOperationGas', request, house.devnet.entryPoint)
            .then(() => 'answered', outcomeOf),
        ),
      )
      return answers.toSorted()[0] ?? ''
    },
  }
}
