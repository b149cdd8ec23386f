// RunPod's unmodified worker in containers, as a provider runs them: it reaches the door for workers and nothing else of
// this host, and goes on in another container when its own is killed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { labels } from '@worldland-aa/provider/machines/docker/containerOptions'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import runpodSdk from 'runpod-sdk'
import { afterAll, describe, expect, it } from 'vitest'
import {
  endpoint,
  type GatewayStage,
  startGatewayStage,
} from '../../provider/src/gateway/testing/gatewayStage.ts'
import { type ContainerEngine, startContainerEngine } from '../support/containerEngine.ts'
import { findRunpodPackage } from '../support/runpodPackage.ts'

const provider = '0x00000000000000000000000000000000000c0de5'
const mine = { label: [`${labels.provider}=${provider}`] }
const found = findRunpodPackage()
const engine = found.ok ? await startContainerEngine() : found.reason

describe.skipIf(typeof engine === 'string')(
  typeof engine === 'string' ? `not run: ${engine}` : "RunPod's worker in a container",
  () => {
    let stage: GatewayStage | undefined
    afterAll(async () => {
      await stage?.stop()
      await (engine as ContainerEngine).removeNetwork(provider)
      await (engine as ContainerEngine).stop()
    })

    it('serves jobs, is replaced when it is killed, and leaves nothing when it goes', async () => {
      const { docker, pythonImage } = engine as ContainerEngine
      const image = await pythonImage(found.ok ? found.pythonPath : '')
      const script = readFileSync(join(import.meta.dirname, '../support/runpod/worker.py'), 'utf8')
      stage = await startGatewayStage(
        [
          endpoint({
            ...{ id: 'boxed', image, concurrency: 4, idleSeconds: 2 },
            command: ['python3', '-c', script],
            environment: {
              JOBS_AT_ONCE: '4',
              RUNPOD_SKIP_AUTO_SYSTEM_CHECKS: 'true',
              RUNPOD_SKIP_GPU_CHECK: 'true',
            },
          }),
        ],
        {
          createDriver: machinesFolder =>
            createDockerDriver({ docker, provider, machinesFolder, onTrouble: () => undefined }),
        },
      )
      const client = runpodSdk('1:1', { baseUrl: stage.url() }).endpoint('boxed')
      const first = await client?.runSync({ input: { at: 1 } })
      expect(first).toMatchObject({ status: 'COMPLETED', output: { echo: { at: 1 } } })

      const jobs = await Promise.all([1, 2, 3, 4].map(at => client?.run({ input: { at, sleep: 3 } }, 30_000)))
      await expect.poll(async () => (await client?.health(30_000))?.jobs.inProgress).toBe(4)
      const [container] = await docker.listContainers({ filters: mine })
      await docker.getContainer(container?.Id ?? '').kill()
      for (const job of jobs) {
        const over = async () => await client?.status(job?.id ?? '', 30_000)
        await expect.poll(over, { timeout: 60_000 }).toMatchObject({ status: 'COMPLETED', retries: 1 })
      }
      await expect.poll(() => stage?.driver.list(), { timeout: 60_000 }).toEqual([])
      expect(await docker.listContainers({ all: true, filters: mine })).toEqual([])
    })
  },
)
