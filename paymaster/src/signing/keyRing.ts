// The private keys that may sign, as the operator's key file holds them: one or several, read anew while the service
// runs. They stay in memory; whatever is told or kept of them is addresses.
import { readFileSync, statSync } from 'node:fs'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { parseKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { refuseOperator } from '../admin/operatorRefusal.ts'
import { localSigner, type SignByKey, type Signer } from './signer.ts'

export type KeyRing = {
  /** In the order of the file. */
  signers(): readonly Signer[]
  get(address: Address): Signer | undefined
  /** Undefined where the keys came by a variable or inside the configuration file. */
  readonly file: string | undefined
  /** What the file holds now; nothing is changed by looking. */
  read(): Result<readonly Signer[]>
  use(signers: readonly Signer[]): void
}

/** Each is asked about in every block. */
export const mostKeys = 16
const mostFileBytes = 16_384

export function createKeyRing(options: {
  /** Keys separated by white space or commas. */
  readonly keys: string
  readonly file: string | undefined
  /** Other accounts may be able to open the file. */
  readonly mayBeOpen: boolean
  /** Where signatures are made; absent: at once. */
  readonly sign?: SignByKey | undefined
}): Result<KeyRing> {
  const { file, mayBeOpen, sign } = options
  const first = parse(options.keys, sign)
  if (!first.ok) return first
  let current = first.value
  return accept({
    file,
    signers: () => current,
    get: address => current.find(signer => signer.address === address),
    use(signers) {
      current = signers
    },
    read() {
      if (file === undefined) return accept(current)
      try {
        if (statSync(file).size > mostFileBytes) return stays(`${file} is larger than any list of keys`)
        const problem = mayBeOpen ? undefined : openFileProblem(file)
        if (problem !== undefined) return stays(problem)
        const parsed = parse(readFileSync(file, 'utf8'), sign)
        return parsed.ok ? parsed : stays(`${file}: ${parsed.refusal.message}`)
      } catch (error) {
        return stays(fileProblem(file, error))
      }
    },
  })
}

/** Of settings, which hold keys. */
export function keyRingOf(
  config: {
    readonly signerKey: string
    readonly signerKeyFile?: string | undefined
    readonly allowOpenKeyFiles: boolean
  },
  sign?: SignByKey,
): KeyRing {
  const ring = createKeyRing({
    keys: config.signerKey,
    file: config.signerKeyFile,
    mayBeOpen: config.allowOpenKeyFiles,
    sign,
  })
  if (!ring.ok) throw new ExitError(exitCodes.configuration, ring.refusal.message)
  return ring.value
}

function parse(text: string, sign: SignByKey | undefined): Result<readonly Signer[]> {
  const parsed = parseKeys(text)
  if (!parsed.ok) return parsed
  if (parsed.value.length > mostKeys) return refused(`there are more than ${mostKeys} keys`)
  return accept(parsed.value.map(key => localSigner(key, sign)))
}

function stays(message: string): Result<never> {
  const hint = 'mend it and have the keys read anew; until then those that were read before are used'
  return refuseOperator({ status: 409, code: 'keyFile', message, hint })
}

function refused(message: string): Result<never> {
  return refuse({ code: exitCodes.configuration, message })
}
