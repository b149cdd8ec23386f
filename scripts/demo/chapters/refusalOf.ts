// An act that must be refused: the sentence in which it was.
import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'

/** Throws when the act goes through: then the demo has found a fault. */
export async function refusalOf(act: Promise<unknown>, errorName: string): Promise<string> {
  const failure = await act.then(
    () => undefined,
    (error: unknown) => error ?? new Error('without a reason'),
  )
  if (failure === undefined) throw new Error(`What should have been refused (${errorName}) went through`)
  const decoded = decodeComputeError(failure) ?? decodeComputeError((failure as Error).cause)
  if (decoded?.errorName !== errorName) throw failure
  return decoded.problem
}
