// How much a machine wrote, into its workspace and over its image, beside what is its own.
import type Docker from 'dockerode'
import { labels } from './containerOptions.ts'
import { folderBytes } from './folderUse.ts'

const gibibyte = 1024 ** 3

const patienceMilliseconds = 10 * 60_000

/** In words, how far it is beyond its bound. */
export async function overDisk(tools: {
  /** For what the engine answers at once, and for what takes as long as it takes. */
  readonly docker: Docker
  readonly lasting: Docker
  readonly info: Docker.ContainerInspectInfo
  readonly workspace: string
}): Promise<string | undefined> {
  const { docker, lasting, info, workspace } = tools
  const named = info.Config.Labels[labels.disk]
  if (named === undefined) return undefined
  const boundGiB = Number(named)
  const signal = AbortSignal.timeout(patienceMilliseconds)
  const usedBytes =
    (await layerBytes(lasting, info.Id, signal)) + (await folderBytes(lasting, workspace, signal))
  if (usedBytes <= boundGiB * gibibyte) return undefined
  // It may be the engine that hangs, and no machine is to blame for that.
  if (!Number.isFinite(usedBytes)) await docker.getContainer(info.Id).inspect()
  const wrote = Number.isFinite(usedBytes)
    ? `wrote ${(usedBytes / gibibyte).toFixed(1)} GiB`
    : 'wrote more files than can be counted'
  return `The machine ${wrote}, and ${boundGiB} GiB are its own: it is not run before it is wiped`
}

async function layerBytes(lasting: Docker, id: string, abortSignal: AbortSignal): Promise<number> {
  const asked = { size: true, abortSignal } as Docker.ContainerInspectOptions
  try {
    const { SizeRw = 0 } = (await lasting.getContainer(id).inspect(asked)) as { SizeRw?: number }
    return SizeRw
  } catch (error) {
    if (abortSignal.aborted) return Number.POSITIVE_INFINITY
    throw error
  }
}
