// What a renter's program tries against the provider's host, against its neighbours and against bounds, in real containers.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import type { MachineDriver, MachineSpec } from '@worldland-aa/provider/machines/machineDriver'
import { accepted, textOf, waitFor, waitForExit } from '@worldland-aa/provider/machines/testing/driverStage'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`containers under attack: ${engine}`)
else {
  const { docker } = engine
  const provider = '0x00000000000000000000000000000000000000a2'
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const image = await engine.shellImage()
  const driver = createDockerDriver({
    ...{ docker, provider },
    machinesFolder: folder,
    mostProcesses: 64,
    diskLookMilliseconds: 200,
    onTrouble: error => console.error(error),
  })

  afterEach(async () => {
    for (const { key } of await driver.list()) await driver.wipe(key)
  })

  afterAll(async () => {
    await driver.close()
    await engine.removeNetwork(provider)
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const isRoot = process.getuid?.() === 0
  const spec = (key: string, script?: string): MachineSpec => ({
    key,
    owner: 'worker',
    image,
    isImageListed: true,
    ...(script !== undefined && { command: ['/bin/sh', '-c', script] }),
    environment: {},
    ports: [],
    gpus: [],
  })

  describe('a container', () => {
    describe('that looks for the host', () => {
      const secret = 'only the operator reads this'
      let server: Server
      let door: Server
      let port: number
      let doorPort: number

      beforeAll(async () => {
        server = createServer(socket => socket.end(secret))
        port = await listen(server, '127.0.0.1')
        door = createServer(socket => socket.end('the door of workers'))
        doorPort = await listen(door, (await driver.workerDoor()).listenHost)
        await driver.admitWorkers(doorPort)
      })

      afterAll(() => {
        server.close()
        door.close()
      })

      it('reaches the door of workers, and no port of the operator (attack)', async () => {
        accepted(await driver.start(spec('worker-1')))
        const { hostInMachines, listenHost } = await driver.workerDoor()
        expect(await runIn(driver, 'worker-1', `nc -w 5 ${hostInMachines} ${doorPort} < /dev/null`)).toBe(
          'the door of workers',
        )
        const ownHosts = Object.values(networkInterfaces()).flatMap(all =>
          (all ?? []).map(({ address }) => address),
        )
        const hosts = [...new Set([hostInMachines, listenHost, '127.0.0.1', ...ownHosts])].filter(
          host => !host.includes(':'),
        )
        const tries = hosts.map(host => `nc -w 1 ${host} ${port} < /dev/null`).join('; ')
        expect(await runIn(driver, 'worker-1', `${tries}; echo done`)).toBe('done\n')
      })

      it.runIf(isRoot)('reaches nothing that the host serves to all the world (attack)', async () => {
        const open = createServer(socket => socket.end(secret))
        const openPort = await listen(open, '0.0.0.0')
        try {
          accepted(await driver.start(spec('worker-15')))
          const { hostInMachines } = await driver.workerDoor()
          const hosts = [
            hostInMachines,
            ...Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(({ address }) => address)),
          ]
          const tries = hosts
            .filter(host => !host.includes(':'))
            .map(host => `nc -w 1 ${host} ${openPort} < /dev/null`)
          expect(await runIn(driver, 'worker-15', `${tries.join('; ')}; echo done`)).toBe('done\n')
        } finally {
          open.close()
        }
      })

      it.runIf(isRoot)('reaches no neighbour of the host (attack)', async () => {
        // A router, a store or a metadata service stands in a namespace of its own, one cable away.
        const shell = (script: string): string =>
          execFileSync('/bin/sh', ['-ec', script], { encoding: 'utf8' })
        shell(`ip netns add wl-neighbour; ip link add wl-near type veth peer name wl-far netns wl-neighbour
          ip addr add 10.213.77.1/24 dev wl-near; ip link set wl-near up
          ip -n wl-neighbour addr add 10.213.77.2/24 dev wl-far; ip -n wl-neighbour link set wl-far up
          ip -n wl-neighbour route add default via 10.213.77.1`)
        const serving = `require('net').createServer(s => s.end('${secret}')).listen(8080)`
        const neighbour = spawn('ip', ['netns', 'exec', 'wl-neighbour', process.execPath, '-e', serving])
        try {
          const ask = 'busybox nc -w 2 10.213.77.2 8080 < /dev/null'
          const hear = (): string => spawnSync('/bin/sh', ['-c', ask], { encoding: 'utf8' }).stdout
          expect(await waitFor('the neighbour', () => hear() || undefined)).toBe(secret)
          accepted(await driver.start(spec('worker-16')))
          expect(await runIn(driver, 'worker-16', `${ask}; echo done`)).toBe('done\n')
        } finally {
          neighbour.kill('SIGKILL')
          shell('ip netns del wl-neighbour')
        }
      })

      it("finds neither the engine's socket nor a file of the host (attack)", async () => {
        accepted(await driver.start(spec('worker-2')))
        const sockets = `find / -xdev -type s; find / -name 'docker*.sock*' -not -path '/proc/*'`
        expect(await runIn(driver, 'worker-2', sockets)).toBe('')
        // Its own workspace is all of this host's that is mounted, beside what the engine writes for each container.
        const mounts = await runIn(
          driver,
          'worker-2',
          `grep -v -E ' (proc|sysfs|tmpfs|cgroup2?|mqueue|devpts|overlay) ' /proc/mounts`,
        )
        const places = mounts
          .trim()
          .split('\n')
          .map(line => line.split(' ')[1])
        expect(places.sort()).toEqual(['/etc/hostname', '/etc/hosts', '/etc/resolv.conf', '/workspace'])
      })

      it('mounts nothing, makes no device, and changes nothing of the kernel (attack)', async () => {
        accepted(await driver.start(spec('worker-3')))
        const tries = [
          'mount -t proc none /tmp',
          'mount -t tmpfs none /tmp',
          'mknod /tmp/disk b 254 0',
          // Opened, and nothing written: a guard that failed would cost whoever runs this his machine.
          ': >> /proc/sys/kernel/panic',
          ': >> /proc/sysrq-trigger',
          ': >> /sys/kernel/uevent_helper',
          'hostname other',
          'dmesg',
          'unshare -m true',
          'chroot /proc/1/root/../.. cat /workspace/../etc/shadow',
          'nsenter -t 1 -m cat /etc/shadow',
          'ip link set lo down',
        ]
        const script = tries.map(each => `(${each}) > /dev/null 2>&1 && echo '${each}'`).join('; ')
        expect(await runIn(driver, 'worker-3', `${script}; echo done`)).toBe('done\n')
      })
    })

    it('reaches no other machine (attack)', async () => {
      const serving = spec('worker-4', 'echo neighbour > /tmp/index.html; exec httpd -f -p 80 -h /tmp')
      const served = accepted(await driver.start({ ...serving, ports: [80] }))
      accepted(await driver.start(spec('worker-5')))
      const address = (await runIn(driver, 'worker-4', 'hostname -i')).trim()
      const ask = (host: string, port: number): string =>
        `printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 1 ${host} ${port} 2> /dev/null | grep neighbour`
      const heard = await waitFor('the neighbour', async () => {
        return (await runIn(driver, 'worker-4', ask(address, 80))) || undefined
      })
      expect(heard).toBe('neighbour\n')
      const gateway = (await driver.workerDoor()).listenHost
      const published = served.ports[80]?.port ?? 0
      const tries = [
        ask(address, 80),
        ask('worker-4', 80),
        ask(`worldland-${provider}-worker-4`, 80),
        ask(gateway, published),
        ask('provider.internal', published),
      ]
      expect(await runIn(driver, 'worker-5', `${tries.join('; ')}; echo done`)).toBe('done\n')
    })

    it('gains nothing by a file that belongs to root and is setuid (attack)', async () => {
      const { workspace } = accepted(await driver.start(spec('worker-6')))
      // Busybox gives up what it does not need; this host's `cat` keeps what it is given.
      for (const path of ['/usr/bin/cat', '/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6']) {
        copyFileSync(path, join(workspace, path.split('/').at(-1) ?? ''))
      }
      const script = `mkdir -p /lib/x86_64-linux-gnu; cp ld-*.so.* /lib64; cp libc.so.6 /lib/x86_64-linux-gnu; chown 0:0 cat; chmod 4755 cat; chmod 755 /lib64/* /lib/*/*
        echo 'tester:x:1000:1000::/:/bin/sh' > /etc/passwd; su tester -c '/workspace/cat /proc/self/status' | grep -E '^(Uid|CapEff)'`
      const said = await runIn(driver, 'worker-6', script)
      expect(said).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m)
      expect(said).toMatch(/^CapEff:\t0000000000000000$/m)
    })

    it('cannot see GPUs that it was not given by asking for them (attack)', async () => {
      accepted(await driver.start({ ...spec('worker-7'), environment: { NVIDIA_VISIBLE_DEVICES: 'all' } }))
      expect(await runIn(driver, 'worker-7', 'echo "$NVIDIA_VISIBLE_DEVICES"')).toBe('void\n')
    })

    it('is ended when it fills its workspace or its own layer, and not run again (attack)', async () => {
      for (const [key, path] of [
        ['worker-8', '/workspace'],
        ['worker-9', '/tmp'],
      ] as const) {
        const filling = `n=0; while :; do n=$((n+1)); dd if=/dev/zero of=${path}/$n bs=1M count=1 2> /dev/null; sleep 0.02; done`
        const asked = { ...spec(key, filling), diskGiB: 0.02 }
        accepted(await driver.start(asked))
        expect((await waitForExit(driver, key)).exitCode).toBe(137)
        expect(await driver.start(asked)).toMatchObject({ ok: false, refusal: { code: 'disk-full' } })
      }
    })

    it('cannot fill the disk with what it prints (attack)', async () => {
      accepted(
        await driver.start(
          spec('worker-10', `yes 'a line that nobody reads' | head -c 30000000; echo the end`),
        ),
      )
      await waitForExit(driver, 'worker-10')
      const said = await textOf(driver.logs('worker-10', { tailLines: 10_000_000 }))
      expect(said.endsWith('the end\n')).toBe(true)
      const { LogPath } = await docker.getContainer(`worldland-${provider}-worker-10`).inspect()
      const logs = readdirSync(dirname(LogPath)).filter(name => name.includes('-json.log'))
      const bytes = logs.reduce((sum, name) => sum + statSync(join(dirname(LogPath), name)).size, 0)
      expect(bytes).toBeLessThan(17_000_000)
    })

    it('cannot fork without end, and is wiped in the midst of it (attack)', async () => {
      // Its shell gives up where it cannot fork; what it begot stays.
      const bomb = '(while :; do sleep 1000 & done); exec sleep 1000'
      accepted(await driver.start(spec('worker-11', bomb)))
      const container = docker.getContainer(`worldland-${provider}-worker-11`)
      const most = await waitFor('the bound', async () => {
        const { Processes } = (await container.top()) as { Processes: unknown[] | null }
        const count = Processes?.length ?? 0
        return count > 32 ? count : undefined
      })
      expect(most).toBeLessThanOrEqual(64)
      await driver.wipe('worker-11')
      expect(await driver.list()).toEqual([])
    })

    it('is ended when it takes more memory than it has (attack)', async () => {
      accepted(await driver.start({ ...spec('worker-12', 'exec tail /dev/zero'), memoryMiB: 64 }))
      expect((await waitForExit(driver, 'worker-12')).exitCode).toBe(137)
      const { State } = await docker.getContainer(`worldland-${provider}-worker-12`).inspect()
      expect(State.OOMKilled).toBe(true)
    })

    it('cannot have a second machine take its name, nor outlive its provider in the list', async () => {
      accepted(await driver.start(spec('worker-13')))
      const other = createDockerDriver({
        docker,
        provider: '0x00000000000000000000000000000000000000a3',
        machinesFolder: join(folder, 'other'),
        onTrouble: error => console.error(error),
      })
      expect(await other.list()).toEqual([])
      expect(await other.find('worker-13')).toBeUndefined()
      await other.wipe('worker-13')
      await other.close()
      expect((await driver.find('worker-13'))?.state).toBe('running')
    })
  })

  it('says what is missing when GPUs are asked for that the engine cannot give', async () => {
    const { Runtimes } = await docker.info()
    if ('nvidia' in Runtimes) return
    const asked = { ...spec('worker-14'), gpus: ['GPU-00000000-0000-0000-0000-000000000000'] }
    const outcome = await driver.start(asked)
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'no-gpu' } })
    expect(await driver.list()).toEqual([])
  })
}

async function runIn(driver: MachineDriver, key: string, script: string): Promise<string> {
  const session = accepted(await driver.open(key, { command: ['/bin/sh', '-c', script] }))
  session.input.end()
  session.errors?.resume()
  return await textOf(session.output)
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
}
