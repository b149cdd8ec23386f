// Reads the operator's file of alternative mempools. Every mistake in it is told by the place where it stands.
import { readFileSync } from 'node:fs'
import { issueInWords } from '@worldland-aa/service/config/issueInWords'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { z } from 'zod'
import type { AlternativeMempool } from './alternativeMempools.ts'

const relaxation = z.strictObject({
  rule: z.string().regex(/^[A-Z]+-\d{3}$/, 'must be a clause of ERC-7562 such as OP-011'),
  entity: z.enum(['account', 'factory', 'paymaster']).optional(),
  opcode: z.string().min(1).optional(),
  addresses: z
    .array(
      z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
        .transform(value => value as Address),
    )
    .min(1)
    .optional(),
})

const fileSchema = z.strictObject({
  mempools: z.array(
    z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" or "_"'),
      allows: z.array(relaxation).min(1, 'must allow something'),
    }),
  ),
})

/** EX_CONFIG of sysexits.h. */
const configurationError = 78

export function readAlternativeMempools(file: string | undefined): Result<readonly AlternativeMempool[]> {
  if (file === undefined) return accept([])
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return refuse({ code: configurationError, message: fileProblem(file, error) })
  }
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    const told = parsed.error.issues.map(issue => `${issue.path.join('.')} ${issueInWords(issue)}`)
    return refuse({ code: configurationError, message: `${file}: ${told.join('; ')}` })
  }
  const { mempools } = parsed.data
  const names = mempools.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated === undefined) return accept(mempools)
  return refuse({ code: configurationError, message: `${file}: two mempools are called ${repeated}` })
}
