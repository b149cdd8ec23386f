// Judges a request for a machine's port: by a bearer token, or by the cookie of a browser whose page is ours.
import type { IncomingMessage } from 'node:http'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { Outcome } from '../../outcome.ts'
import type { Admission, Admitted } from '../admission.ts'
import { userOf } from '../leaseTerms.ts'
import { isOwnOrigin } from '../ownOrigin.ts'
import { findPort } from '../ssh/forwarding.ts'
import { cookieToken } from './portCookie.ts'
import { type PortPath, portPathOf } from './portPath.ts'

export type PortCall = {
  readonly path: PortPath
  readonly guest: Admitted
  readonly isTokenInHeader: boolean
  readonly target: { readonly host: string; readonly port: number }
}
export type PortRefusal = { readonly status: 400 | 401 | 403 | 404; readonly message: string }

export type PortGate = (incoming: IncomingMessage) => Promise<Outcome<PortCall, PortRefusal>>

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function createPortGate(options: {
  readonly admission: Admission
  readonly driver: Pick<MachineDriver, 'find'>
  readonly publicUrl: () => string
}): PortGate {
  const { admission, driver, publicUrl } = options
  return async incoming => {
    const path = portPathOf(incoming.url ?? '')
    if (path === undefined)
      return refused(400, 'The address is not /leases/ID/ports/PORT/… with a plain path')
    const { leaseId, port } = path
    const bearer = bearerToken(incoming.headers.authorization)
    const token = bearer ?? cookieToken(incoming.headers.cookie, leaseId)
    if (token === undefined) {
      return refused(
        401,
        'Give the token of the access as Authorization: Bearer, or open the address with #token=…',
      )
    }
    const isPageOurs = bearer !== undefined || isOwnOrigin(incoming, publicUrl())
    const changesSomething = !safeMethods.has(incoming.method ?? '') || incoming.headers.upgrade !== undefined
    if (!isPageOurs && (changesSomething || incoming.headers.origin !== undefined)) {
      return refused(403, "A page of another origin may not call here with this browser's cookie")
    }
    const admitted = await admission.admit(leaseId, { token })
    if (!admitted.ok) return admitted
    const target = await findPort({ driver, machineKey: userOf(leaseId) }, port)
    if (target === undefined) {
      return refused(
        404,
        `Port ${port} of lease ${leaseId} is not one that was asked for, or its machine does not run`,
      )
    }
    return { ok: true, value: { path, guest: admitted.value, isTokenInHeader: bearer !== undefined, target } }
  }
}

function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +([A-Za-z0-9_-]{1,64})$/i.exec(header)?.[1]
}

function refused(status: PortRefusal['status'], message: string): Outcome<never, PortRefusal> {
  return { ok: false, refusal: { status, message } }
}
