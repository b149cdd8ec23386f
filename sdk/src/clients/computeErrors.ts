// Has every action of a client fail in sentences: also viem's own, such as a plain `sendUserOperation`, whose
// "RPC Request failed." hides what the bundler or the paymaster said.
import { throwComputeError } from '../errors/computeError.ts'

type AnyFunction = (...parameters: readonly unknown[]) => unknown

/** What makes up a client; viem's own actions read the errors of `request`. */
const parts: ReadonlySet<string> = new Set(['request', 'extend'])

/**
 * Decorator for any client of viem or permissionless, after its other decorators. `createComputeClient` has it.
 *
 * @example
 * import { computeErrors } from '@worldland-aa/sdk/clients/computeErrors'
 *
 * const client = createBundlerClient({ account, client: publicClient, transport: http(bundlerUrl) }).extend(computeErrors)
 * await client.sendUserOperation({ calls }).catch(error => console.error(error.problem, error.remedy))
 */
export function computeErrors(client: object): Record<never, never> {
  const actions = Object.entries(client).filter(
    ([name, part]: [string, unknown]) => typeof part === 'function' && !parts.has(name),
  )
  return Object.fromEntries(actions.map(([name, action]) => [name, inSentences(action)]))
}

function inSentences(action: AnyFunction): AnyFunction {
  return (...parameters) => {
    const answer = action(...parameters)
    return answer instanceof Promise ? answer.catch(throwComputeError) : answer
  }
}
