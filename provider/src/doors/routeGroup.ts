// What a part of the daemon serves at the public door.
import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Upgrade } from './listener.ts'

export type DoorEnvironment = { Bindings: HttpBindings }

export type RouteGroup = {
  /** Served are it and all below it: `/v2`. */
  readonly path: string
  /** Its routes, without `path` in front. */
  readonly app: Hono<DoorEnvironment>
  /**
   * Of a request's body. Default: the operator's `--max-body-bytes`. `stream`: the group reads bodies piece by piece and
   * bounds them by itself.
   */
  readonly maxBodyBytes?: number | 'stream' | undefined
  /** Takes over the sockets of WebSockets below `path`. */
  readonly upgrade?: Upgrade | undefined
}
