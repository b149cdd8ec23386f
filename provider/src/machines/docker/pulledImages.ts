// Which images this daemon has fetched and when each was last used: what nobody has used for long is given up, so that the disk
// does not fill with what renters once named. What the operator put there stays, and so does whatever a container is of.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { putInPlace } from '@worldland-aa/service/files/durableFile'
import type Docker from 'dockerode'
import { z } from 'zod'
import { isMissing, statusOf } from './engineErrors.ts'

export type PulledImages = {
  /** Fetched right now, and to be found by these names. */
  fetched(id: string, names: readonly string[]): void
  /** Somebody starts a machine of it, or may do so soon. */
  used(id: string): void
  /** Gives up what is idle; how many images went. */
  prune(): Promise<number>
}

const recordSchema = z.record(z.string(), z.object({ names: z.array(z.string()), usedAt: z.number() }))
/** A use is not written for every start of a worker. */
const writtenEveryMilliseconds = 10 * 60_000

export function createPulledImages(options: {
  readonly docker: Docker
  /** Where it is kept; made when missing. */
  readonly file: string
  /** 0: nothing is given up. */
  readonly idleMilliseconds: number
  readonly onTrouble: (error: unknown) => void
  readonly now?: () => number
}): PulledImages {
  const { docker, file, idleMilliseconds, onTrouble, now = Date.now } = options
  const images = read()

  /** What cannot be read is not known to be ours, and stays. */
  function read(): Map<string, { readonly names: string[]; usedAt: number }> {
    try {
      if (!existsSync(file)) return new Map()
      return new Map(Object.entries(recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')))))
    } catch (error) {
      onTrouble(error)
      return new Map()
    }
  }

  function write(): void {
    try {
      writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(images)), { mode: 0o600 })
      putInPlace(`${file}.new`, file, true)
    } catch (error) {
      onTrouble(error)
    }
  }

  function used(id: string): void {
    const image = images.get(id)
    if (image === undefined) return
    const before = image.usedAt
    image.usedAt = now()
    if (image.usedAt - before > writtenEveryMilliseconds) write()
  }

  /** Whether nothing of the name stands for it any more. */
  async function dropName(name: string, id: string): Promise<boolean> {
    try {
      // A tag may have been moved to another image, which is not idle.
      if ((await docker.getImage(name).inspect()).Id !== id) return true
      await docker.getImage(name).remove()
      return true
    } catch (error) {
      if (isMissing(error)) return true
      // A container is of it since.
      if (statusOf(error) === 409) return false
      throw error
    }
  }

  async function inUse(): Promise<ReadonlySet<string>> {
    return new Set((await docker.listContainers({ all: true })).map(({ ImageID }) => ImageID))
  }

  return {
    fetched(id, names) {
      const known = images.get(id)?.names ?? []
      images.set(id, { names: [...new Set([...known, ...names])], usedAt: now() })
      write()
    },
    used,
    async prune() {
      if (idleMilliseconds === 0 || images.size === 0) return 0
      for (const id of await inUse()) used(id)
      let gone = 0
      for (const [id, image] of images) {
        if (now() - image.usedAt < idleMilliseconds) continue
        const dropped: boolean[] = []
        for (const name of image.names) dropped.push(await dropName(name, id))
        if (dropped.includes(false)) continue
        images.delete(id)
        gone++
      }
      if (gone > 0) write()
      return gone
    },
  }
}
