// A deployment as a table for people and as JSON for programs.
import type { DeployedContract, Deployment } from './deployAll.ts'

/** One line per contract, as it is dealt with. */
export function showStep({ title, address, outcome, gasUsed }: DeployedContract): string {
  const gas = gasUsed === undefined ? '' : `${gasUsed.toLocaleString('en-US')} gas`
  const what = outcome === 'deployed' ? 'deployed' : 'found, code verified'
  return `${title.padEnd(26)} ${address}  ${what}${gas === '' ? '' : `, ${gas}`}`
}

/** What `--output` writes: the addresses that an SDK client or a daemon is configured with. */
export function deploymentFile({ chainId, entryPoint, contracts }: Deployment): string {
  return `${JSON.stringify({ chainId, entryPoint, contracts }, undefined, 2)}\n`
}

/** What `--json` prints. */
export function deploymentJson({ chainId, entryPoint, contracts, steps }: Deployment): string {
  const plainSteps = steps.map(({ gasUsed, ...step }) => ({
    ...step,
    ...(gasUsed === undefined ? {} : { gasUsed: gasUsed.toString() }),
  }))
  return JSON.stringify({ chainId, entryPoint, contracts, steps: plainSteps })
}
