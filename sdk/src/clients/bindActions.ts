// Binds actions to a client and a market, so that `rentInstance(client, { contracts, … })` becomes
// `client.rentInstance({ … })`, and fails in sentences whatever it meets.
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { throwComputeError } from '../errors/computeError.ts'

type Action<client> = (client: client, parameters: never) => unknown

/** May be called without parameters where `contracts` was the only one needed. */
export type BoundAction<action> = action extends (client: never, parameters: infer parameters) => infer result
  ? (
      ...parameters: Record<never, never> extends Omit<parameters, 'contracts'>
        ? [parameters?: Omit<parameters, 'contracts'>]
        : [parameters: Omit<parameters, 'contracts'>]
    ) => result
  : never
export type BoundActions<actions> = { readonly [name in keyof actions]: BoundAction<actions[name]> }

export function bindActions<client, actions extends Readonly<Record<string, Action<client>>>>(
  client: client,
  contracts: ComputeContracts,
  actions: actions,
): BoundActions<actions> {
  const bound = Object.entries(actions).map(([name, action]) => [
    name,
    (parameters?: object) => {
      const answer = action(client, { ...parameters, contracts } as never)
      // What an action watches is no promise.
      return answer instanceof Promise ? answer.catch(throwComputeError) : answer
    },
  ])
  return Object.fromEntries(bound) as BoundActions<actions>
}
