// A caller who stays, for tests that call a method without a door before it.
import type { CallContext } from '../jsonRpc/protocol.ts'

export const testCall: CallContext = { caller: '127.0.0.1', signal: new AbortController().signal }
