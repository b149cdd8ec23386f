// Plays a sponsored operation before it is signed for: the operator pays for no failure that can be foreseen, and for no
// gas that is not used.
import type { Result } from '@worldland-aa/service/result'
import { deny } from '../denial.ts'
import { judgePlausibility } from './plausibleGas.ts'
import { findFailure, type Simulation, simulateExecution } from './simulateExecution.ts'

export async function judgeSponsoredExecution(
  simulation: Omit<Simulation, 'operatorPays'> & { readonly gasLimitPercent: number },
): Promise<Result<never> | undefined> {
  const { client, operation, gasLimitPercent } = simulation
  const played = { ...simulation, operatorPays: true }
  const outcome = await simulateExecution(played)
  if (!outcome.succeeded) {
    const failure = (await findFailure(played)) ?? 'callGasLimit does not suffice'
    return deny(
      'executionWouldFail',
      {
        problem: `The operation would fail, ${failure}`,
        remedy: 'mend it, or wait until what it stands on has landed',
      },
      { failure },
    )
  }
  return await judgePlausibility({ client, operation, outcome, gasLimitPercent })
}
