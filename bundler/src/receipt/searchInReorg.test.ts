// A search of the chain for an operation that this node never saw, while a reorg takes that operation out.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { PrivateKeyAccount } from 'viem'
import { expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { startAccountChain } from '../testing/accountChain.ts'
import { startBundlerCore } from '../testing/bundlerCore.ts'

it('tells nothing of a block that was gone by the time it was found', async () => {
  const chain = await startAccountChain({ accounts: 1 })
  await chain.mine(4)
  const { request } = chain.client
  let beforeAnswer: (() => Promise<void>) | undefined
  const slow = async (call: { method: string }) => {
    const answer = await request(call as never)
    const meanwhile = call.method === 'eth_getLogs' ? beforeAnswer : undefined
    beforeAnswer = meanwhile === undefined ? beforeAnswer : undefined
    await meanwhile?.()
    return answer
  }
  const executors = await chain.executors(1)
  const core = await startBundlerCore({
    client: { ...chain.client, request: slow as typeof request },
    executors,
  })
  try {
    const one = await chain.operation(chain.accounts[0] as `0x${string}`)
    const [stranger] = executors as [PrivateKeyAccount]
    const serializedTransaction = await stranger.signTransaction({
      type: 'eip1559',
      chainId: 103,
      nonce: 0,
      to: entryPoint07Address,
      data: encodeBundle(entryPoint07, [one], stranger.address),
      gas: 3_000_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 10n,
    })
    const hash = await chain.client.sendRawTransaction({ serializedTransaction })
    await chain.mine()
    await core.look()
    // As if it had been sent before this node's time.
    await core.database.deleteFrom('inclusion').execute()
    beforeAnswer = async () => {
      await chain.anvil.request({ method: 'anvil_reorg', params: [1, []] } as never)
      await chain.anvil.dropTransaction({ hash })
      await core.look()
    }
    expect(await core.receipts.statusOf(one.userOperationHash)).toMatchObject({ status: 'not_found' })
    expect(await core.database.selectFrom('inclusion').selectAll().execute()).toEqual([])
  } finally {
    await core.stop()
    await chain.stop()
  }
})
