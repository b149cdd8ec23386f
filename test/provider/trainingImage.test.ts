// A training in a container: the image that the statement names is the one that ran, as the engine says it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import { stateTraining } from '@worldland-aa/sdk/serving/training'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { trainingScript } from '../support/trainingScript.ts'
import { startTrainingStage, type TrainingStage } from '../support/trainingStage.ts'
import { workFolder } from '../support/workFolder.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`containers: ${engine}`)
else {
  const folder = workFolder()
  const provider = '0x00000000000000000000000000000000000000f1'
  let stage: TrainingStage
  let image: string

  beforeAll(async () => {
    const sitePackages = join(folder, 'site-packages')
    mkdirSync(sitePackages, { recursive: true })
    image = await engine.pythonImage(sitePackages)
    const { docker } = engine
    const machinesFolder = join(folder, 'machines')
    const driver = createDockerDriver({ docker, provider, machinesFolder, onTrouble: () => undefined })
    stage = await startTrainingStage({ folder, containers: { driver, image } })
  })
  afterAll(async () => {
    await stage?.stop()
    await engine.removeNetwork(provider)
    await engine.stop()
  })

  describe('a training in a container', () => {
    it('is stated with the digest of the image that ran, and nobody has to do without one', async () => {
      const { leaseId, id: trainingId, ended } = await stage.runScript(trainingScript)
      const { outputs } = await ended
      expect(outputs?.map(({ path }) => path)).toEqual(['metrics.json', 'model/weights.json'])
      const { statement } = await stateTraining({
        ...stage.holder(stage.payer, leaseId),
        leaseId,
        trainingId,
      })
      expect(statement.imageDigest).toBe(image.replace('sha256:', '0x'))
    })

    it('attack, a link that a container lays to the host’s files: it is named and not followed', async () => {
      const host = join(folder, 'provider.sqlite')
      const { ended } = await stage.runScript(
        `import os\nos.makedirs('out', exist_ok=True)\nos.symlink(${JSON.stringify(host)}, 'out/model')\n`,
      )
      await expect(ended).rejects.toThrow('out/model is a symbolic link')
    })
  })
}
