// Which image a request means, and whether this caller may have it. What runs is always named by its content: a tag is
// looked up once and may be moved afterwards. An image that lies here because another was allowed to fetch it is given to
// nobody whom its registry refuses.
import { createHash } from 'node:crypto'
import type Docker from 'dockerode'
import type { Outcome } from '../../outcome.ts'
import { refuse } from '../checkSpec.ts'
import { registryOf } from '../imageOrigin.ts'
import type { MachineRefusal, MachineSpec } from '../machineDriver.ts'
import { withPatience } from './connectEngine.ts'
import type { LocalImage } from './containerOptions.ts'
import type { DiskReserve } from './diskReserve.ts'
import { engineWords, isMissing, statusOf } from './engineErrors.ts'
import { isFromInward } from './inwardRegistry.ts'
import type { PulledImages } from './pulledImages.ts'
import { pullImage } from './pullImage.ts'

export type Images = {
  /** `signal`: nobody waits for it any more. */
  resolve(spec: MachineSpec, signal?: AbortSignal): Promise<Outcome<LocalImage, MachineRefusal>>
  /** One that lies here, by its id. */
  find(id: string): Promise<LocalImage | undefined>
}

const longestName = 512
const askPatienceMilliseconds = 20_000
/** So that a start right after `prepare`, or of the next worker, asks no registry. */
const rememberedMilliseconds = 10 * 60_000
const mostRemembered = 1_000

/** As the engine, and the Go that it is written in, say that a registry does not answer. */
const outages =
  /dial tcp|no such host|connection re(fused|set)|timeout|deadline exceeded|network is unreachable|unexpected EOF|toomanyrequests|50[0-4] /i

type Asked = {
  readonly image: string
  readonly login: Docker.AuthConfig | undefined
  /** By the operator. */
  readonly isListed: boolean
  readonly signal: AbortSignal | undefined
}
type Answer = 'refused' | 'unreachable' | { readonly digest: string }

export function createImages(options: {
  readonly docker: Docker
  readonly defaultImage: string | undefined
  readonly reserve: DiskReserve
  readonly pulled: Pick<PulledImages, 'fetched' | 'used'>
}): Images {
  const { docker, defaultImage, reserve, pulled: record } = options
  /** By what was asked, when and what image it was. */
  const known = new Map<string, { readonly id: string; readonly atMilliseconds: number }>()

  async function resolve(asked: Asked): Promise<Outcome<LocalImage, MachineRefusal>> {
    const { image, isListed } = asked
    const local = await inspectLocal(docker, image)
    // Built or imported here: no registry knows it.
    if (local !== undefined && local.repositories.length === 0) {
      if (isListed) return { ok: true, value: local.image }
      return refuse(
        'no-such-image',
        `The image ${image} was made on this provider, and is for whom its market file names it (accept.images, or the offer's own image): name one that a registry has`,
      )
    }
    if (!isListed && (await isFromInward(image))) {
      return refuse(
        'no-such-image',
        `The image ${image} is of a registry within the provider's own network, from where it fetches what its market file names (accept.images, or the offer's own image) alone: name a registry of the internet`,
      )
    }
    if (/^(sha256:)?[0-9a-f]{12,64}$/.test(image)) {
      return refuse(
        'no-such-image',
        `The image ${image} was not made on this provider: name it with its registry, as name@sha256:…`,
      )
    }
    const answer = await askRegistry(docker, asked)
    if (answer === 'unreachable' && local !== undefined) return { ok: true, value: local.image }
    if (answer === 'refused' && local !== undefined) {
      return refuse(
        'no-such-image',
        `The registry does not give the image ${image} for this login: check its name, and the login`,
      )
    }
    // The pull says why, in the registry's own words.
    if (typeof answer === 'string') return await fetchImage(asked, image)
    const wanted = image.includes('@') ? image : `${withoutTag(image)}@${answer.digest}`
    const there = await inspectLocal(docker, wanted)
    return there === undefined ? await fetchImage(asked, wanted) : { ok: true, value: there.image }
  }

  async function fetchImage(asked: Asked, wanted: string): Promise<Outcome<LocalImage, MachineRefusal>> {
    const pulled = await pullImage(docker, {
      image: wanted,
      login: asked.login,
      signal: asked.signal,
      reserve,
    })
    if (!pulled.ok) return pulled
    // So that it is found by its tag while its registry is away.
    if (wanted !== asked.image) await docker.getImage(wanted).tag(tagOf(asked.image))
    const fetched = await inspectLocal(docker, wanted)
    if (fetched !== undefined) record.fetched(fetched.image.id, [asked.image, wanted])
    return fetched === undefined
      ? refuse(
          'no-such-image',
          `The image ${asked.image} was fetched, and is not there: its tag may have been moved meanwhile`,
        )
      : { ok: true, value: fetched.image }
  }

  return {
    find: async id => (await inspectLocal(docker, id))?.image,
    async resolve(spec, signal) {
      const image = spec.image ?? defaultImage
      if (image === undefined) {
        return refuse(
          'no-image',
          'No image is named, and this provider has none of its own: set --default-image, or name one',
        )
      }
      if (image.length > longestName || !/^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$/.test(image)) {
        return refuse('no-such-image', `${JSON.stringify(image.slice(0, 80))} is no name of an image`)
      }
      const login = loginOf(spec, image)
      const isListed = spec.isImageListed === true || image === defaultImage
      const memory = createHash('sha256')
        .update(JSON.stringify([image, login, isListed]))
        .digest('hex')
      const before = known.get(memory)
      if (before !== undefined && Date.now() - before.atMilliseconds < rememberedMilliseconds) {
        const local = await inspectLocal(docker, before.id)
        if (local !== undefined) {
          record.used(local.image.id)
          return { ok: true, value: { ...local.image, digest: digestOf(local, image) } }
        }
      }
      const resolved = await resolve({ image, login, isListed, signal })
      if (resolved.ok) {
        record.used(resolved.value.id)
        if (known.size >= mostRemembered) known.clear()
        known.set(memory, { id: resolved.value.id, atMilliseconds: Date.now() })
      }
      return resolved
    },
  }
}

type Inspected = { readonly image: LocalImage; readonly repositories: readonly string[] }

async function inspectLocal(docker: Docker, name: string): Promise<Inspected | undefined> {
  try {
    const { Id, RepoDigests, Config } = await docker.getImage(name).inspect()
    const repositories = RepoDigests ?? []
    const entrypoint = Config.Entrypoint ?? []
    const inspected = {
      repositories,
      image: {
        id: Id,
        digest: Id,
        hasCommand: (Config.Cmd ?? []).length + entrypoint.length > 0,
        workingFolder: Config.WorkingDir ?? '',
      },
    }
    return { ...inspected, image: { ...inspected.image, digest: digestOf(inspected, name) } }
  } catch (error) {
    // 400: what the engine takes for no name at all.
    if (isMissing(error) || statusOf(error) === 400) return undefined
    throw error
  }
}

/** Of the registry's names for it, the one under the name that was asked for. */
function digestOf({ image, repositories }: Inspected, name: string): string {
  const wanted = withoutTag(name.split('@')[0] ?? name)
  const named = repositories.find(each => each.startsWith(`${wanted}@`)) ?? repositories[0]
  return named?.split('@')[1] ?? image.id
}

/** What stands behind the last colon is a tag, unless it is a registry's port. */
function withoutTag(image: string): string {
  return image.replace(/:[^:/@]+$/, '')
}

function tagOf(image: string): { readonly repo: string; readonly tag: string } {
  const repo = withoutTag(image)
  return { repo, tag: image.slice(repo.length + 1) || 'latest' }
}

async function askRegistry(docker: Docker, { image, login }: Asked): Promise<Answer> {
  try {
    const asking = withPatience(docker, askPatienceMilliseconds).getImage(image)
    const told = await asking.distribution(login === undefined ? {} : { authconfig: login })
    return { digest: told.Descriptor.digest }
  } catch (error) {
    // What is not known for an outage is a refusal: an image of another must not be given out for want of a word.
    return statusOf(error) === undefined || outages.test(engineWords(error)) ? 'unreachable' : 'refused'
  }
}

function loginOf({ registryLogin }: MachineSpec, image: string): Docker.AuthConfig | undefined {
  if (registryLogin === undefined) return undefined
  return { ...registryLogin, serveraddress: registryOf(image) ?? 'https://index.docker.io/v1/' }
}
