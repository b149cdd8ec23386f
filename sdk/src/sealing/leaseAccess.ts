// How a renter reaches its machine, and how it is written.
import { ComputeError } from '../errors/computeError.ts'
import { fields, integer, type JsonReader, list, parseJson, ShapeError, text, withAll } from './shape.ts'

export type LeaseAccess = {
  readonly ssh?:
    | {
        readonly host: string
        readonly port: number
        readonly user: string
        /** The machine's own public key as OpenSSH writes it, or its `SHA256:…` fingerprint: who answers is it. */
        readonly hostKey?: string | undefined
        /** A password that is good once, where the renter gave no key of its own. */
        readonly password?: string | undefined
      }
    | undefined
  /** Where the container's ports are reached; at most 32. */
  readonly urls?: readonly { readonly port: number; readonly url: string }[] | undefined
  /** What `urls` want as `Authorization: Bearer`. */
  readonly token?: string | undefined
  /** Anything else, one line. */
  readonly note?: string | undefined
}

// A renter hands these to ssh and to a browser: none may begin like an option, nor steer a terminal.
const line = (maximum: number) => text({ maximum, pattern: /^[^\p{Cc}]*$/u, what: 'one line' })
const readAccess: JsonReader<LeaseAccess> = fields<LeaseAccess>({
  ssh: withAll(
    fields<NonNullable<LeaseAccess['ssh']>>({
      host: text({ maximum: 253, pattern: /^[A-Za-z0-9[][\w.:\]-]*$/, what: "a host's name or address" }),
      port: integer({ minimum: 1, maximum: 65_535 }),
      user: text({ maximum: 32, pattern: /^[a-z_][a-z0-9_-]*$/, what: "a user's name" }),
      hostKey: line(800),
      password: line(256),
    }),
    ['host', 'port', 'user'],
  ),
  urls: list(
    withAll(
      fields<{ readonly port: number; readonly url: string }>({
        port: integer({ minimum: 1, maximum: 65_535 }),
        url: text({ maximum: 512, pattern: /^(https?|wss?):\/\/[^\s\p{Cc}]+$/u, what: 'a web address' }),
      }),
      ['port', 'url'],
    ),
    { maximum: 32 },
  ),
  token: line(512),
  note: line(512),
})

/** Throws a sentence for what no renter would take. */
export function encodeLeaseAccess(access: LeaseAccess): Uint8Array {
  try {
    return new TextEncoder().encode(JSON.stringify(readAccess(access, 'access')))
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause
    throw new ComputeError({ problem: cause.message, remedy: 'Mend it, or leave it out.', cause })
  }
}

/** Throws a `ShapeError`. */
export function decodeLeaseAccess(bytes: Uint8Array): LeaseAccess {
  return readAccess(parseJson(bytes), 'access')
}
