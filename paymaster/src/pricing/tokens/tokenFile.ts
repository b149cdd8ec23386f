// The file of `--tokens`: what a database that knows none of these tokens begins with. Later changes are made by the admin
// API, and the database's word counts.
import { readFileSync } from 'node:fs'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { issueInWords } from '@worldland-aa/service/config/issueInWords'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { type Address, getAddress } from 'viem'
import { z } from 'zod'
import { type TokenSettings, tokenSettingsSchema } from '../../admin/tokens/schema.ts'

const mostTokens = 100

const fileSchema = z.strictObject({
  tokens: z
    .array(
      tokenSettingsSchema.extend({
        address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits'),
        enabled: z.boolean().default(true),
        refundGas: tokenSettingsSchema.shape.refundGas.default(15_000),
        maxStepDeviationBps: tokenSettingsSchema.shape.maxStepDeviationBps.default(2_000),
        maxSourceDeviationBps: tokenSettingsSchema.shape.maxSourceDeviationBps.default(500),
      }),
    )
    .max(mostTokens),
})

export type SeededToken = { readonly address: Address; readonly settings: TokenSettings }

/** Throws, with the field that is wrong. */
export function readTokenFile(path: string): readonly SeededToken[] {
  const fail = (problem: string): never => {
    throw new ExitError(exitCodes.configuration, `the token file ${path} ${problem}`)
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return fail(`is of no use: ${fileProblem(path, error)}`)
  }
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return fail(
      `is not right: ${issue?.path.join('.') || 'it'} ${issue === undefined ? 'is malformed' : issueInWords(issue)}`,
    )
  }
  const tokens = parsed.data.tokens.map(({ address, ...settings }) => ({
    address: getAddress(address.toLowerCase()),
    settings,
  }))
  if (new Set(tokens.map(token => token.address)).size < tokens.length) return fail('names a token twice')
  return tokens
}
