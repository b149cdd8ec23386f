// A lease whose machine is a container: from the chain to the engine and back.
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { type DaemonStage, startDaemonStage } from '../support/daemonStage.ts'
import { eventually } from '../support/eventually.ts'
import { startImageRegistry } from '../support/imageRegistry.ts'
import { testMarket, testOffer } from '../support/providerDaemon.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const engine = await startContainerEngine()
const registry = typeof engine === 'string' ? undefined : await startImageRegistry({ trickles: true })
let stage: DaemonStage | undefined

describe.skipIf(typeof engine === 'string')(
  `a lease in a container${typeof engine === 'string' ? ` (${engine})` : ''}`,
  () => {
    beforeAll(async () => {
      if (typeof engine === 'string') return
      const offer = { ...testOffer, image: await engine.shellImage(), cpus: 0.5, memoryMiB: 64 }
      stage = await startDaemonStage({
        folder,
        market: { ...testMarket, offers: [offer], accept: { images: [`${registry?.host}/*`] } },
        flags: { driver: 'docker', 'engine-socket': engine.socketPath },
      })
    })
    afterAll(async () => {
      await stage?.stop()
      await registry?.close()
      if (typeof engine === 'string') return
      if (stage !== undefined)
        await engine.removeNetwork(privateKeyToAddress(stage.provider.privateKey).toLowerCase())
      await engine.stop()
    })

    function present() {
      if (stage === undefined || typeof engine === 'string') throw new Error('There is no stage')
      return { stage, engine }
    }

    it('runs what its renter asks for, within its bounds, and is gone when the lease is over for good', async () => {
      const { stage, engine } = present()
      const leaseId = await stage.rent({
        request: {
          command: ['/bin/sh', '-c', 'echo "$GREETING"; exec sleep 1000'],
          env: { GREETING: 'hello' },
        },
      })
      await stage.untilShown(leaseId, 'ready +running')
      await eventually(
        'a greeting',
        async () => (await stage.provider.ask('logs', String(leaseId))).printed,
        printed => printed.includes('hello'),
      )
      const running = await engine.docker.listContainers({ all: true })
      expect(running).toHaveLength(1)
      const { HostConfig } = await engine.docker.getContainer(running[0]?.Id ?? '').inspect()
      expect(HostConfig.Memory).toBe(64 * 1024 ** 2)
      await stage.stopLease(leaseId)
      await eventually(
        'no container being left',
        () => engine.docker.listContainers({ all: true }),
        left => left.length === 0,
      )
      expect((await stage.leaseOf(leaseId)).state).toBe('settled')
    })

    it('is ready when what its renter named answers, and costs nothing before', async () => {
      const { stage, engine } = present()
      const serve =
        'mkdir /w; echo up > /w/index.html; until [ -e /go ]; do sleep 0.2; done; exec busybox httpd -f -p 8000 -h /w'
      const leaseId = await stage.rent({
        request: {
          command: ['/bin/sh', '-c', serve],
          ports: [8000],
          readyWhen: { port: 8000, path: '/' },
        },
      })
      await stage.untilShown(leaseId, 'accepted +running')
      expect((await stage.provider.ask('status')).printed).toContain('asked until it answers at 8000/')
      const [running] = await engine.docker.listContainers()
      const go = await engine.docker.getContainer(running?.Id ?? '').exec({ Cmd: ['touch', '/go'] })
      await go.start({})
      await stage.untilShown(leaseId, 'ready +running')
      await stage.stopLease(leaseId)
    })

    it('that is over leaves nothing of it being fetched (attack)', async () => {
      const { stage } = present()
      registry?.push('endless', 'latest', 'never')
      const leaseId = await stage.rent({ request: { image: `${registry?.host}/endless:latest` } })
      const untilFetching = (count: number) =>
        eventually(
          `${count} layers under way`,
          async () => registry?.underWay(),
          underWay => underWay === count,
        )
      await untilFetching(1)
      await stage.stopLease(leaseId)
      await untilFetching(0)
      expect((await stage.leaseOf(leaseId)).costWei).toBe(0n)
    })

    it('is not served by another image than the one whose digest the chain has, and costs its payer nothing', async () => {
      const { stage } = present()
      const leaseId = await stage.rent({ imageDigest: `0x${'ab'.repeat(32)}` })
      await eventually(
        'the end of the lease',
        () => stage.leaseOf(leaseId),
        ({ state }) => state === 'settled',
      )
      const { costWei, refundWei, escrowWei } = await stage.leaseOf(leaseId)
      expect([costWei, refundWei]).toEqual([0n, escrowWei])
      expect(stage.provider.log()).toMatch(/its image is .*, not the sha256:abab/)
    })
  },
)
