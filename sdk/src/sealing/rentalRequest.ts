// What a renter asks of the machine beyond the terms that everybody sees, and how it is written.
import { ComputeError } from '../errors/computeError.ts'
import {
  fields,
  integer,
  type JsonReader,
  list,
  named,
  parseJson,
  ShapeError,
  text,
  withAll,
} from './shape.ts'

/** All of it may be left out: then the provider does as its offer says. */
export type RentalRequest = {
  /** As a container registry knows it: `name:tag`, `host/name@sha256:…`. At most 512 characters. */
  readonly image?: string | undefined
  /** For a private image: what the provider pulls it with. */
  readonly registryLogin?: { readonly username: string; readonly password: string } | undefined
  /** At most 64 words. */
  readonly command?: readonly string[] | undefined
  /** Of the container, to be reached from outside; at most 32. */
  readonly ports?: readonly number[] | undefined
  /**
   * What has to answer before the machine counts as ready and the meter begins: one of `ports`, by HTTP where a path is given (a
   * status below 400), else by taking a connection. What does not answer within the deadline of `ready` costs nothing.
   */
  readonly readyWhen?: { readonly port: number; readonly path?: string | undefined } | undefined
  /** At most 64. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** One line of `~/.ssh/*.pub`, of who may enter. */
  readonly sshPublicKey?: string | undefined
  readonly diskGiB?: number | undefined
}

// Providers hand these to a container engine and to sshd: no text may begin like an option or hold a line's end.
const line = /^[^\p{Cc}]*$/u
const word = text({ maximum: 2_048, pattern: /^[^\0]*$/u, what: 'a text without NUL' })
const login = withAll(
  fields<{ readonly username: string; readonly password: string }>({
    username: text({ maximum: 256, pattern: line, what: 'one line' }),
    password: text({ maximum: 2_048, pattern: line, what: 'one line' }),
  }),
  ['username', 'password'],
)
const readyWhen = withAll(
  fields<{ readonly port: number; readonly path?: string | undefined }>({
    port: integer({ minimum: 1, maximum: 65_535 }),
    path: text({ maximum: 512, pattern: /^\/[!-~]*$/, what: 'the path of a URL, which begins with /' }),
  }),
  ['port'],
)
const readFields: JsonReader<RentalRequest> = fields<RentalRequest>({
  image: text({ maximum: 512, pattern: /^[a-z0-9][\w.:/@-]*$/i, what: "an image's name" }),
  registryLogin: login,
  command: list(word, { maximum: 64 }),
  ports: list(integer({ minimum: 1, maximum: 65_535 }), { maximum: 32 }),
  readyWhen,
  env: named(word, {
    maximum: 64,
    name: text({ maximum: 128, pattern: /^[A-Za-z_]\w*$/, what: 'the name of a variable' }),
  }),
  sshPublicKey: text({
    maximum: 1_024,
    pattern: /^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+={0,2}( [^\p{Cc}]*)?$/u,
    what: 'a public key as OpenSSH writes it',
  }),
  diskGiB: integer({ minimum: 1, maximum: 1_000_000 }),
})

function readRequest(value: unknown, path: string): RentalRequest {
  const request = readFields(value, path)
  const { readyWhen: awaited, ports = [] } = request
  if (awaited === undefined || ports.includes(awaited.port)) return request
  throw new ShapeError(`${path}.readyWhen.port is none of ${path}.ports.`)
}

/** Throws a sentence for what no provider would take. */
export function encodeRentalRequest(request: RentalRequest): Uint8Array {
  try {
    return new TextEncoder().encode(JSON.stringify(readRequest(request, 'request')))
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause
    throw new ComputeError({ problem: cause.message, remedy: 'Mend it, or leave it out.', cause })
  }
}

/** Throws a `ShapeError`. */
export function decodeRentalRequest(bytes: Uint8Array): RentalRequest {
  return readRequest(parseJson(bytes), 'request')
}
