// The description of a network of bundlers, which whoever deployed its contracts publishes: one small JSON file that
// says where they stand and whom to ask first. Nothing in it is secret, and all of it is checked against the chain.
import { readFileSync } from 'node:fs'
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { issueInWords } from '@worldland-aa/service/config/issueInWords'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { z } from 'zod'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
  .transform(value => value as Address)

const networkSchema = z.strictObject({
  chainId: z.number().int().positive(),
  entryPoint: address,
  bundlerRegistry: address,
  bundleGuard: address,
  /** Of SimpleAccount: what the canary operation deploys. */
  accountFactory: address,
  /** libp2p multiaddrs with a peer id; those of the registry are asked too. */
  bootnodes: z.array(z.string().min(1).max(256)).max(64),
})

export type Network = z.infer<typeof networkSchema>

const maxFileBytes = 64 * 1024

export function readNetworkFile(path: string): Result<Network> {
  let content: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > maxFileBytes) return refused(`${path} is longer than ${maxFileBytes} characters`)
    content = JSON.parse(text)
  } catch (error) {
    return refused(fileProblem(path, error))
  }
  const parsed = networkSchema.safeParse(content)
  if (parsed.success) return accept(parsed.data)
  const told = parsed.error.issues.map(issue => `${issue.path.join('.') || 'it'} ${issueInWords(issue)}`)
  return refused(`${path}: ${told.join('; ')}`)
}

function refused(message: string): Result<never> {
  return refuse({ code: exitCodes.configuration, message })
}
