// Into a container by what its renter was given on the chain: the daemon as an operator runs it, OpenSSH as people do.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newKeyPair } from '@worldland-aa/provider/access/ssh/newKeyPair'
import { waitForAccess } from '@worldland-aa/sdk/actions/lease/waitForAccess'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { zeroAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { type DaemonStage, startDaemonStage } from '../support/daemonStage.ts'
import { testMarket, testOffer } from '../support/providerDaemon.ts'
import { connectSsh, openSshOptions, runOpenSsh } from '../support/sshClient.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const engine = await startContainerEngine()
let stage: DaemonStage | undefined

describe.skipIf(typeof engine === 'string')(
  `a container, entered${typeof engine === 'string' ? ` (${engine})` : ''}`,
  () => {
    beforeAll(async () => {
      if (typeof engine === 'string') return
      const offer = { ...testOffer, image: await engine.shellImage(), cpus: 0.5, memoryMiB: 64 }
      stage = await startDaemonStage({
        folder,
        market: { ...testMarket, offers: [offer] },
        flags: { driver: 'docker', 'engine-socket': engine.socketPath },
      })
    })
    afterAll(async () => {
      await stage?.stop()
      if (typeof engine === 'string') return
      const address = stage === undefined ? zeroAddress : privateKeyToAddress(stage.provider.privateKey)
      await engine.removeNetwork(address).catch(() => undefined)
      await engine.stop()
    })

    it('by SSH with its key and its terminal, and by scp, which finds the files where the container has them', async () => {
      if (stage === undefined) throw new Error('There is no stage')
      const keys = newKeyPair()
      const identity = join(folder, 'id')
      writeFileSync(identity, keys.privateKey, { mode: 0o600 })
      const accessKey = createSealingKey()
      const leaseId = await stage.rent({
        request: { command: ['/bin/sh', '-c', 'exec sleep 1000'], sshPublicKey: keys.publicKey },
        accessPublicKey: accessKey.publicKey,
      })
      const { contracts } = stage.chain.deployment
      const { ssh } = await waitForAccess(stage.chain.client, { contracts, leaseId, accessKey })
      if (ssh === undefined) throw new Error('There is no SSH in the access')
      const options = openSshOptions(folder, ssh, identity)
      const place = `${ssh.user}@${ssh.host}`
      const port = String(ssh.port)

      writeFileSync(join(folder, 'up.txt'), 'from outside')
      const up = [...options, '-P', port, join(folder, 'up.txt'), `${place}:up.txt`]
      expect(await runOpenSsh('scp', up, { folder })).toMatchObject({ code: 0 })
      const command = 'cat /workspace/up.txt; echo inside > /workspace/down.txt; exit 3'
      const ran = await runOpenSsh('ssh', [...options, '-p', port, place, command], { folder })
      expect(ran).toMatchObject({ code: 3, output: 'from outside' })
      const down = [...options, '-P', port, `${place}:down.txt`, join(folder, 'down.txt')]
      expect(await runOpenSsh('scp', down, { folder })).toMatchObject({ code: 0 })
      expect(readFileSync(join(folder, 'down.txt'), 'utf8')).toBe('inside\n')

      const client = await connectSsh(ssh)
      const shown = await new Promise<string>((resolve, reject) => {
        client.shell({ rows: 33, cols: 101, term: 'xterm' }, (error, channel) => {
          if (error) return reject(error)
          let text = ''
          channel.on('data', (chunk: Buffer) => {
            text += chunk
          })
          channel.once('close', () => resolve(text))
          channel.write('stty size; echo $((6*7)); exit\n')
        })
      })
      client.end()
      expect(shown).toContain('42')
      await stage.stopLease(leaseId)
      await expect
        .poll(() => runOpenSsh('ssh', [...options, '-p', port, place, 'true'], { folder }))
        .toMatchObject({ code: 255 })
    })
  },
)
