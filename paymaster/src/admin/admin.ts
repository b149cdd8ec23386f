// The composition of the admin side: the API, the console, who may come in, and the first way in.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Clock } from '@worldland-aa/service/clock'
import type { ControlHandler } from '@worldland-aa/service/control/controlSocket'
import { createCallers } from '@worldland-aa/service/http/callers'
import type { Site, SiteBindings } from '@worldland-aa/service/http/site'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import type { Address, PublicClient } from 'viem'
import { type PaymasterConfig, paymasterDefinition } from '../config.ts'
import type { Brake } from '../operator/brake.ts'
import { version } from '../version.ts'
import type { AuthenticateKey } from './actor.ts'
import { type AdminRoutes, apiPath, createAdminApi } from './adminApi.ts'
import type { AuditStore } from './audit/auditStore.ts'
import { createAuditRoutes } from './audit/routes.ts'
import { createBrakeRoutes } from './brake/routes.ts'
import { createConsoleFiles } from './console/consoleFiles.ts'
import { consolePath, createConsoleSite } from './console/consoleSite.ts'
import { createConsoleOrigin, isLoopback } from './consoleOrigin.ts'
import { createLiveRoutes } from './live/routes.ts'
import type { LiveUpdates } from './liveUpdates.ts'
import { createDescribeSession } from './session/describeSession.ts'
import { createSessionRoutes } from './session/routes.ts'
import { createSessionCookie } from './session/sessionCookie.ts'
import { createSessions } from './session/sessions.ts'
import { createWaysOut } from './session/waysOut.ts'
import { describeSettings } from './settings/describeSettings.ts'
import { createSettingsRoutes } from './settings/routes.ts'
import { createShellCommands } from './shellCommands.ts'
import { createChallenges } from './signIn/challenges.ts'
import { createFirstLink } from './signIn/firstLink.ts'
import { createSignInLinks } from './signIn/links.ts'
import { createPasskeys } from './signIn/passkeys.ts'
import { createSignInRoutes } from './signIn/routes.ts'
import { limitSignIn } from './signIn/signInLimit.ts'
import { createWallets } from './signIn/wallets.ts'
import type { AdminTables } from './tables.ts'
import { refuseFromElsewhere } from './thisMachineOnly.ts'
import { createUsersRoutes } from './users/routes.ts'
import { createUsers } from './users/users.ts'

export type AdminOptions = {
  readonly config: PaymasterConfig
  readonly database: Kysely<AdminTables>
  readonly client: PublicClient
  readonly facts: { readonly chainId: number; readonly entryPoint: Address; readonly paymaster: Address }
  readonly brake: Brake
  /** The operator's commands, without those of this side. */
  readonly command: ControlHandler
  readonly audit: AuditStore
  readonly live: LiveUpdates
  readonly authenticateKey: AuthenticateKey
  /** The routes of the other stages, one for each resource. */
  readonly resources: readonly AdminRoutes[]
  /** Where the service listens; once it does. */
  readonly url: () => string
  readonly clock: Clock
  readonly logger: Logger
}

export type Admin = {
  /** None where the admin side is off. */
  readonly sites: readonly Site[]
  /** Tells the first link; its stop ends the streams, so it stands behind the server. */
  readonly part: Part
  /** The operator's commands, with `sign-in-link`, each written into the audit log. */
  readonly command: ControlHandler
}

// By the package's name: this may run from its sources, its dist, or packed.
const manifest = createRequire(import.meta.url).resolve('@worldland-aa/paymaster/package.json')
const consoleFolder = join(dirname(manifest), 'console/dist')

export function createAdmin(options: AdminOptions): Admin {
  const { config, database, client, facts, brake, command, audit, live, clock, logger } = options
  const isOn = isAdminOn(config)
  const now = (): number => Math.floor(clock.now() / 1000)
  const consoleOrigin = createConsoleOrigin(config.consoleOrigin, options.url)
  const stop = new AbortController()

  const challenges = createChallenges(now)
  const sessions = createSessions({ database, live, now })
  const users = createUsers(database)
  const links = createSignInLinks({ database, origin: consoleOrigin, now })
  const passkeys = createPasskeys({ database, challenges, origin: consoleOrigin, now })
  const { chainId, entryPoint, paymaster } = facts
  const wallets = createWallets({
    ...{ database, client, chainId, paymaster },
    ...{ challenges, origin: consoleOrigin, now },
  })
  const cookie = createSessionCookie(consoleOrigin)
  const callers = createCallers(config.trustedProxies)
  const house = { version, chainId, entryPoint, paymaster }
  const describe = createDescribeSession({ passkeys, wallets, house, origin: consoleOrigin })
  const waysOut = createWaysOut(database)

  const api = createAdminApi({
    consoleOrigin,
    sessions,
    cookie,
    authenticateKey: options.authenticateKey,
    callers,
    signIn: createSignInRoutes({
      ...{ links, passkeys, wallets, sessions, cookie, callers, audit, describe },
      limit: limitSignIn({ callers, clock }),
    }),
    resources: [
      createSessionRoutes({ sessions, users, passkeys, wallets, waysOut, cookie, audit, live, describe }),
      createUsersRoutes({ users, sessions, links, passkeys, wallets, audit, live }),
      createAuditRoutes(audit),
      createSettingsRoutes(describeSettings(paymasterDefinition, config)),
      createBrakeRoutes({ brake, command, audit, live }),
      createLiveRoutes({ live, sessions, stopping: stop.signal }),
      ...options.resources,
    ],
    version,
    startedAtSeconds: now(),
    logger,
  })
  const pages = createConsoleSite(createConsoleFiles(consoleFolder), consoleOrigin)
  const firstLink = createFirstLink({ users, links, consoleOrigin, isOn, logger })
  return {
    sites: isOn ? [siteOf(apiPath, api, config), siteOf(consolePath, pages, config)] : [],
    part: {
      name: 'admin',
      start: firstLink.tell,
      async stop() {
        stop.abort()
      },
    },
    command: createShellCommands({ links, command, audit, live, isOn }),
  }
}

/** Where anyone on the network could reach it, an operator says so. */
export function isAdminOn({ admin, host }: Pick<PaymasterConfig, 'admin' | 'host'>): boolean {
  return admin === 'auto' ? isLoopback(host) : admin === 'on'
}

type Answering = { fetch(request: Request, bindings: SiteBindings): Response | Promise<Response> }

function siteOf(path: string, app: Answering, { admin }: Pick<PaymasterConfig, 'admin'>): Site {
  return {
    path,
    answer(request, bindings) {
      const refused = admin === 'auto' ? refuseFromElsewhere(request.headers) : undefined
      return refused ?? app.fetch(request, bindings)
    },
    refuse(status, message) {
      const error = { code: status === 413 ? 'tooLarge' : 'tooMany', message, hint: 'try again in a second' }
      return Response.json({ error }, { status, headers: { 'retry-after': '1' } })
    },
  }
}
