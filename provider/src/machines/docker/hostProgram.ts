// A program of this host itself in a container of an image that holds nothing: for a daemon that is not root, and needs the
// engine's rights on one folder. Nothing of what a renter made is run for it: that would do and say what it likes.
import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { isMissing } from './engineErrors.ts'

export type HostProgram = {
  readonly name?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly command: readonly string[]
  /** All that it sees beside the programs, and where. */
  readonly folder: { readonly source: string; readonly target: string; readonly isReadOnly: boolean }
  readonly capabilities: readonly string[]
}

const emptyImage = 'worldland-empty'
const programFolders = ['/usr', '/bin', '/lib', '/lib64'].filter(folder => existsSync(folder))
const memoryBytes = 512 * 1024 * 1024

/** Made and not begun; whoever asks for it removes it. */
export async function createHostProgram(docker: Docker, program: HostProgram): Promise<Docker.Container> {
  const wanted = optionsOf(program)
  try {
    return await docker.createContainer(wanted)
  } catch (error) {
    if (!isMissing(error)) throw error
    await makeEmptyImage(docker)
    return await docker.createContainer(wanted)
  }
}

function optionsOf({
  name,
  labels,
  command,
  folder,
  capabilities,
}: HostProgram): Docker.ContainerCreateOptions {
  const mounted = (source: string, place: string, isReadOnly: boolean): Docker.MountSettings => ({
    ...{ Type: 'bind', Source: source, Target: place, ReadOnly: isReadOnly },
  })
  return {
    ...(name !== undefined && { name }),
    ...(labels !== undefined && { Labels: { ...labels } }),
    Image: emptyImage,
    User: '0',
    Env: ['PATH=/usr/bin:/bin', 'LC_ALL=C'],
    Entrypoint: [...command],
    Cmd: [],
    NetworkDisabled: true,
    HostConfig: {
      Mounts: [
        mounted(folder.source, folder.target, folder.isReadOnly),
        ...programFolders.map(place => mounted(place, place, true)),
      ],
      ReadonlyRootfs: true,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
      CapDrop: ['ALL'],
      CapAdd: [...capabilities],
      SecurityOpt: ['no-new-privileges'],
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      NanoCpus: 1e9,
      PidsLimit: 16,
    },
  }
}

async function makeEmptyImage(docker: Docker): Promise<void> {
  // The end of an archive, and nothing before it.
  const archive = Readable.from([Buffer.alloc(1_024)])
  const progress = await docker.importImage(archive, { repo: emptyImage, tag: 'latest' })
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(progress, error => (error === null ? resolve() : reject(error))),
  )
}
