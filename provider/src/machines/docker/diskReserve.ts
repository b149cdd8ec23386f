// The room on this host's disks that no image may take: what runs, and the daemon's own database, have to go on writing.
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type Docker from 'dockerode'

const gibibyte = 1024 ** 3

export type DiskReserve = {
  /** In words, where less than the reserve is free. */
  shortage(): Promise<string | undefined>
}

export function createDiskReserve(options: {
  readonly docker: Docker
  readonly machinesFolder: string
  readonly reserveGiB: number
}): DiskReserve {
  const { docker, machinesFolder, reserveGiB } = options
  let engineFolder: Promise<string> | undefined

  function findEngineFolder(): Promise<string> {
    engineFolder ??= docker.info().then(
      ({ DockerRootDir }: { DockerRootDir: string }) => DockerRootDir,
      error => {
        engineFolder = undefined
        throw error
      },
    )
    return engineFolder
  }

  return {
    async shortage() {
      if (reserveGiB === 0) return undefined
      for (const folder of [await findEngineFolder(), machinesFolder]) {
        const freeGiB = await freeGiBOf(folder)
        if (freeGiB < reserveGiB)
          return `${freeGiB.toFixed(1)} GiB are free on the disk of ${folder}, and ${reserveGiB} GiB are kept (--disk-reserve-gib)`
      }
      return undefined
    },
  }
}

/** An engine's folder may be closed to this account, or in another place of its own: then of the nearest folder above. */
async function freeGiBOf(folder: string): Promise<number> {
  let at = folder
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  const { bavail, bsize } = await statfs(at)
  return (bavail * bsize) / gibibyte
}
