// Where the market stands: the addresses in the file that a deployment or a devnet wrote.
import { readFileSync } from 'node:fs'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { type Address, getAddress, isAddress } from 'viem'
import { z } from 'zod'
import type { Outcome } from '../outcome.ts'

const address = z
  .string('must be an address')
  .refine(text => isAddress(text, { strict: false }), 'must be an address: 0x and 40 hex digits')
  .transform(text => getAddress(text) as Address)

const contracts = z.object({
  token: address,
  providerRegistry: address,
  offerBook: address,
  usageRights: address,
  trainingRecord: address,
  instanceLease: address,
  serverlessSession: address,
  modelNft: address,
  paymaster: address,
  bundleGuard: address,
  simpleAccountFactory: address,
  computeAccountFactory: address,
  bundlerRegistry: address,
}) satisfies z.ZodType<ComputeContracts>

/** A file of `ComputeContracts`, or one that holds them in its field `contracts`. */
export function readContractsFile(path: string): Outcome<ComputeContracts, string> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return {
      ok: false,
      refusal: `the file of contracts: ${fileProblem(path, error)}: give the one that npm run deploy -- --output wrote by --contracts-file`,
    }
  }
  const held = (content as { contracts?: unknown } | null)?.contracts ?? content
  const parsed = contracts.safeParse(held)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  return {
    ok: false,
    refusal: `${path}: contracts.${issue?.path.join('.')} ${issue?.message}: give the file that npm run deploy -- --output wrote by --contracts-file`,
  }
}
