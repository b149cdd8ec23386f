// Who holds what, and what the chain's events say an operation cost: the two must agree to the wei.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hash, parseEventLogs } from 'viem'
import { settled } from './devnet.ts'
import type { MarketStage } from './marketStage.ts'

export type Holdings = {
  readonly nativeWei: bigint
  readonly tokenWei: bigint
  /** In the EntryPoint. */
  readonly depositWei: bigint
}

export async function holdingsOf({ client, devnet }: MarketStage, address: Address): Promise<Holdings> {
  const [nativeWei, tokenWei, depositWei] = await Promise.all([
    client.getBalance({ address }),
    client.readContract({
      address: devnet.contracts.token,
      abi: computeTokenAbi,
      functionName: 'balanceOf',
      args: [address],
    }),
    client.readContract({
      address: entryPoint07Address,
      abi: entryPoint07Abi,
      functionName: 'balanceOf',
      args: [address],
    }),
  ])
  return { nativeWei, tokenWei, depositWei }
}

export async function giveTokens(stage: MarketStage, recipient: Address, amountWei: bigint): Promise<void> {
  const hash = await stage.faucet.writeContract({
    address: stage.devnet.contracts.token,
    abi: computeTokenAbi,
    functionName: 'depositTo',
    args: [recipient],
    value: amountWei,
  })
  await settled(stage.faucet, hash)
}

/** Prepays gas for `account` out of the faucet's coins. */
export async function fillTank(stage: MarketStage, account: Address, amountWei: bigint): Promise<void> {
  const { faucet, devnet } = stage
  const { token, paymaster } = devnet.contracts
  await giveTokens(stage, faucet.account.address, amountWei)
  const approval = { address: token, abi: computeTokenAbi, functionName: 'approve' } as const
  await settled(faucet, await faucet.writeContract({ ...approval, args: [paymaster, amountWei] }))
  const filling = { address: paymaster, abi: computePaymasterAbi, functionName: 'fillTank' } as const
  await settled(faucet, await faucet.writeContract({ ...filling, args: [account, amountWei] }))
}

export async function giveCoins(stage: MarketStage, recipient: Address, amountWei: bigint): Promise<void> {
  await settled(stage.faucet, await stage.faucet.sendTransaction({ to: recipient, value: amountWei }))
}

export type Bill = {
  readonly success: boolean
  /** What whoever paid the EntryPoint lost. */
  readonly actualGasCostWei: bigint
  /** What the paymaster took for it, in the token; undefined when it took none. */
  readonly chargeWei: bigint | undefined
}

/** From the events of the operation's transaction. */
export async function billOf(
  { client, devnet }: MarketStage,
  landed: { transactionHash: Hash } & ({ userOpHash: Hash } | { sender: Address }),
): Promise<Bill> {
  const { transactionHash, ...which } = landed
  const { logs } = await client.getTransactionReceipt({ hash: transactionHash })
  const [operation] = parseEventLogs({
    abi: entryPoint07Abi,
    eventName: 'UserOperationEvent',
    logs,
    args: which,
  })
  if (operation === undefined) throw new Error(`${JSON.stringify(which)} is not in ${transactionHash}`)
  const [charge] = parseEventLogs({
    abi: computePaymasterAbi,
    eventName: ['TokenCharged', 'TankCharged'],
    logs: logs.filter(log => log.address === devnet.contracts.paymaster.toLowerCase()),
    args: { userOpHash: operation.args.userOpHash },
  })
  return {
    success: operation.args.success,
    actualGasCostWei: operation.args.actualGasCost,
    chargeWei: charge?.args.chargeWei,
  }
}
