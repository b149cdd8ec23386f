import { describe, expect, it } from 'vitest'
import type { MachineSpec } from '../machineDriver.ts'
import { type ContainerPlace, containerOptions } from './containerOptions.ts'

const place: ContainerPlace = {
  provider: '0xa1',
  image: { id: 'sha256:aa', digest: 'sha256:bb', hasCommand: true, workingFolder: '/app' },
  network: 'worldland-0xa1',
  gateway: '172.18.0.1',
  workspace: '/data/machines/lease-1/workspace',
  mostProcesses: 4_096,
  boundsLayer: false,
}
const spec: MachineSpec = { key: 'lease-1', owner: 'lease', environment: {}, ports: [], gpus: [] }

describe('a machine as a container', () => {
  it('is given none of the namespaces of this host, no device, and of its files the workspace alone', () => {
    const { HostConfig } = containerOptions(spec, place)
    expect(HostConfig).toMatchObject({
      NetworkMode: 'worldland-0xa1',
      IpcMode: 'private',
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Mounts: [{ Type: 'bind', Source: place.workspace, Target: '/workspace' }],
      RestartPolicy: { Name: 'no' },
    })
    expect(Object.keys(HostConfig ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/Binds|Devices|PidMode|UsernsMode|UTSMode|VolumesFrom/)]),
    )
  })

  it("runs the image's own command from the image's own folder, and a lease's shell finds an input", () => {
    const options = containerOptions(spec, place)
    expect(options.Entrypoint).toBeUndefined()
    expect(options).toMatchObject({ WorkingDir: '/app', OpenStdin: true })
    expect(containerOptions({ ...spec, owner: 'worker' }, place).OpenStdin).toBe(false)
  })

  it('stays up where neither the request nor the image says what to run', () => {
    const bare = { ...place, image: { ...place.image, hasCommand: false, workingFolder: '' } }
    expect(containerOptions(spec, bare)).toMatchObject({
      Entrypoint: ['/bin/sh', '-c', expect.stringContaining('sleep')],
      WorkingDir: '/workspace',
    })
  })

  it('names the GPUs that are its own, to the engine and to runtimes that go by the environment', () => {
    const options = containerOptions({ ...spec, gpus: ['GPU-1', 'GPU-2'] }, place)
    expect(options.HostConfig?.DeviceRequests).toEqual([
      { DeviceIDs: ['GPU-1', 'GPU-2'], Capabilities: [['gpu']] },
    ])
    expect(options.Env).toContain('NVIDIA_VISIBLE_DEVICES=GPU-1,GPU-2')
    const asking = { ...spec, environment: { NVIDIA_VISIBLE_DEVICES: 'all' } }
    expect(containerOptions(asking, place).Env).toEqual(['NVIDIA_VISIBLE_DEVICES=void'])
  })

  it('holds it to its processors and its memory, swap and shared memory included', () => {
    const { HostConfig } = containerOptions({ ...spec, cpus: 1.5, memoryMiB: 512 }, place)
    expect(HostConfig).toMatchObject({
      NanoCpus: 1_500_000_000,
      Memory: 512 * 1024 ** 2,
      MemorySwap: 512 * 1024 ** 2,
      ShmSize: 256 * 1024 ** 2,
      PidsLimit: 4_096,
    })
  })

  it('publishes ports on the loopback alone, and shows the door of workers to workers alone', () => {
    const { HostConfig } = containerOptions({ ...spec, ports: [8888] }, place)
    expect(HostConfig?.PortBindings).toEqual({ '8888/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] })
    expect(HostConfig?.ExtraHosts).toEqual([])
    const worker = containerOptions({ ...spec, owner: 'worker' }, place)
    expect(worker.HostConfig?.ExtraHosts).toEqual(['provider.internal:172.18.0.1'])
  })

  it('is another one when anything else is asked for', () => {
    const fingerprint = (asked: MachineSpec): unknown =>
      containerOptions(asked, place).Labels?.['worldland.spec']
    expect(fingerprint({ ...spec })).toBe(fingerprint(spec))
    expect(fingerprint({ ...spec, environment: { A: '1' } })).not.toBe(fingerprint(spec))
  })
})
