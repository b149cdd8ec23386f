// Is the daemon fit to serve? Each part says how it is; never how old the head is: on a proof-of-work chain a quiet
// minute is no fault.
import type { Health } from '@worldland-aa/service/http/server'

/** `fails` makes the whole unfit to serve; what is only worth a look does not. */
export type Check = { readonly says: string; readonly fails?: boolean }

export type HealthChecks = Readonly<Record<string, () => Check | Promise<Check>>>

export function createHealth(checks: HealthChecks): () => Promise<Health> {
  return async () => {
    const told = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const),
    )
    return {
      healthy: told.every(([, { fails }]) => fails !== true),
      checks: Object.fromEntries(told.map(([name, { says }]) => [name, says])),
    }
  }
}

/** One that cannot tell is not well, and hides none of the others. */
async function ask(check: HealthChecks[string]): Promise<Check> {
  try {
    return await check()
  } catch (error) {
    return { says: error instanceof Error ? error.message : String(error), fails: true }
  }
}
