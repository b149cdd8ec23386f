// Payment while the disk fails: what is signed turns into tokens all the same, and the daemon lives.
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import type { Address } from 'viem'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { deployFickleSigner } from '../support/fickleSigner.ts'
import { endpointId, type OpenedSession, pricePerSecondWei } from '../support/paymentStage.ts'
import { voucherHeader, voucherScene } from '../support/voucherScene.ts'

const budgetWei = 100n * pricePerSecondWei
const scene = voucherScene()
beforeEach(() => scene.server.setDisk(true))
afterAll(() => scene.server.setDisk(true))

const openSession = (signer?: Address) => scene.openSession({ budgetWei, ...(signer && { signer }) })

/** The status of a voucher of so many seconds. */
async function pay(session: OpenedSession, seconds: bigint, signer = session.payer.address): Promise<number> {
  const signed = await scene.sign(session, { seconds, signer })
  const response = await fetch(`${scene.server.url}/payments/${endpointId}/vouchers`, {
    method: 'POST',
    headers: voucherHeader(signed),
  })
  await response.body?.cancel()
  return response.status
}

it('vouchers are redeemed while nothing can be written, those too that are not on the disk', async () => {
  const [kept, unkept] = [await openSession(), await openSession()]
  expect(await pay(kept, 20n)).toBe(200)
  await scene.server.setDisk(false)
  expect(await pay(unkept, 30n)).toBe(503)
  for (const { payer, sessionId } of [kept, unkept]) {
    const session = { address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi }
    await scene.stage.write(payer, { ...session, functionName: 'close', args: [sessionId] })
  }
  await expect
    .poll(async () => {
      await scene.stage.mine(1)
      await scene.server.poll()
      return [await scene.stage.redeemedWei(kept), await scene.stage.redeemedWei(unkept)]
    })
    .toEqual([20n * pricePerSecondWei, 30n * pricePerSecondWei])
})

it("a contract's voucher that was overtaken while nothing can be written is answered, and ends no process", async () => {
  const { address } = await deployFickleSigner(scene.stage.chain)
  const session = await openSession(address)
  expect(await pay(session, 10n, address)).toBe(200)
  await scene.server.setDisk(false)
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  expect(await pay(session, 20n, address)).toBe(503)
  expect(await pay(session, 15n, address)).toBe(503)
  process.off('unhandledRejection', hear)
  expect(unhandled).toEqual([])
  await scene.server.setDisk(true)
  expect(await pay(session, 25n, address)).toBe(200)
})
