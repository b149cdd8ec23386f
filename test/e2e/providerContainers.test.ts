// A lease whose machine is a container, from the taking to the wiping: the provider's daemon, a real engine, a real chain.
import { join } from 'node:path'
import { createComputeReadClient } from '@worldland-aa/sdk/clients/createComputeReadClient'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { http, parseEther } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createActor } from '../../scripts/demo/actor.ts'
import { startContainerEngine } from '../support/containerEngine.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { giveCoins, giveTokens } from '../support/money.ts'
import { createProviderDaemon, testMarket, testOffer } from '../support/providerDaemon.ts'
import { workFolder } from '../support/workFolder.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`leases in containers: ${engine}`)
else {
  const { docker, socketPath } = engine
  const stage = devnetStage({ serving: false })
  const folder = workFolder()

  describe('a lease in a container', () => {
    it('runs while the daemon is killed, is paused when it is stopped, and gone when that is final', async () => {
      const image = 'worldland-test/shell:e2e'
      await docker.getImage(await engine.shellImage()).tag({ repo: 'worldland-test/shell', tag: 'e2e' })
      const { rpcUrl, contracts } = stage.devnet
      const reader = createComputeReadClient({ transport: http(rpcUrl), contracts, pollingInterval: 100 })
      const renter = await createActor(stage.devnet, 'renter')
      await giveTokens(stage, renter.address, parseEther('20'))
      const provider = createProviderDaemon({
        folder: join(folder, 'containers'),
        devnet: stage.devnet,
        market: { ...testMarket, accept: { images: [image] } },
        // Long enough to see it paused.
        flags: { driver: 'auto', 'engine-socket': socketPath, 'finality-blocks': 8 },
      })
      const address = privateKeyToAddress(provider.privateKey)
      await giveCoins(stage, address, parseEther('10'))
      let daemon = await provider.start()
      const container = async () => {
        const filters = { label: [`worldland.provider=${address.toLowerCase()}`] }
        return (await docker.listContainers({ all: true, filters }))[0]
      }
      try {
        const { offerId } = await eventually(
          'the offer',
          async () => (await reader.findOffers({ region: testOffer.region }))[0],
          offer => offer !== undefined,
        )
        const command = ['/bin/sh', '-c', 'echo begun in $(hostname); while :; do sleep 1; done']
        const sealedRequest = await renter.client.sealRentalRequest({
          offerId,
          accessPublicKey: createSealingKey().publicKey,
          request: { image, command },
        })
        const hash = await renter.client.rentInstance({ offerId, seconds: 600, sealedRequest })
        const { leaseId } = await renter.client.waitForRental({ hash })
        const untilState = (wanted: string): Promise<unknown> =>
          eventually(
            `a ${wanted} lease`,
            () => reader.getLease({ leaseId }),
            ({ state }) => state === wanted,
          )
        await untilState('ready')
        expect((await provider.ask('logs', String(leaseId))).printed).toContain(`begun in lease-${leaseId}`)
        const begun = await container()
        expect(begun?.State).toBe('running')

        await daemon.kill()
        expect((await container())?.State).toBe('running')
        daemon = await provider.start()
        await renter.client.waitForUserOperation({ hash: await renter.client.pingProvider({ leaseId }) })
        await eventually(
          'a pong',
          () => reader.getLease({ leaseId }),
          ({ ping }) => ping === undefined,
        )
        expect((await container())?.Id).toBe(begun?.Id)

        await renter.client.waitForUserOperation({ hash: await renter.client.stopLease({ leaseId }) })
        await eventually('a pause', container, seen => seen?.State === 'paused')
        await untilState('settled')
        await eventually('the end', container, seen => seen === undefined)
      } finally {
        await daemon.stop()
        await engine.removeNetwork(address.toLowerCase())
        await engine.stop()
      }
    })
  })
}
