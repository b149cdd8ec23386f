// The secrets that policies' webhooks are signed by, by name: in a file of the operator's, so that neither the database
// nor the console ever holds one.
import { readFileSync } from 'node:fs'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { z } from 'zod'

export type PolicySecrets = {
  /** Undefined where there is none of that name. */
  secretOf(name: string): string | undefined
  names(): readonly string[]
  /** Reads the file anew; refused, with what is wrong, when it has a mistake: then the old ones stay. */
  reload(): Result<void>
}

const fileSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be named by lower-case letters, digits, "-" or "_"'),
  z
    .string('must be text')
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/,
      'must be whsec_ and at least 24 bytes in base64 (Standard Webhooks)',
    ),
)
const configurationRefused = 78 // EX_CONFIG of sysexits.h

/** `allowOpenFile`: also one that other accounts of the machine may read. */
export function createPolicySecrets(
  file: string | undefined,
  { allowOpenFile }: { readonly allowOpenFile: boolean },
): PolicySecrets {
  let secrets: ReadonlyMap<string, string> = new Map()
  return {
    secretOf: name => secrets.get(name),
    names: () => [...secrets.keys()].sort(),
    reload() {
      if (file === undefined) return accept(undefined)
      const read = readSecrets(file, allowOpenFile)
      if (!read.ok) return read
      secrets = read.value
      return accept(undefined)
    },
  }
}

/** Never tells what stands in the file. */
function readSecrets(file: string, allowOpenFile: boolean): Result<ReadonlyMap<string, string>> {
  const no = (problem: string): Result<never> =>
    refuse({ code: configurationRefused, message: `${file}: ${problem}` })
  let content: unknown
  try {
    const isOpen = allowOpenFile ? undefined : openFileProblem(file)
    if (isOpen !== undefined) return refuse({ code: configurationRefused, message: isOpen })
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return refuse({ code: configurationRefused, message: fileProblem(file, error) })
  }
  const parsed = fileSchema.safeParse(content)
  if (parsed.success) return accept(new Map(Object.entries(parsed.data)))
  const [issue] = parsed.error.issues
  return no(
    `${issue?.path.join('.') || 'the file'} ${issue?.code === 'invalid_type' ? 'must be an object of texts' : issue?.message}`,
  )
}
