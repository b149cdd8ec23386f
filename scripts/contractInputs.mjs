// From what the contracts are compiled: sources, compiler settings, and the versions of compiler and dependencies.
// contracts/artifacts/inputs.json keeps it, so that artifacts of other sources are never taken for those of these.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')

export const inputsFile = 'contracts/artifacts/inputs.json'

/** The text of inputs.json for what lies here. */
export function contractInputs(root = here) {
  const solidity = readdirSync(join(root, 'contracts/src'), { recursive: true })
    .filter(path => path.endsWith('.sol'))
    .map(path => `contracts/src/${path.replaceAll('\\', '/')}`)
    .sort()
  const sha256 = createHash('sha256')
  for (const path of [...solidity, 'foundry.toml']) {
    // As git keeps it, whatever line ends a checkout has.
    sha256.update(`${path}\n${readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')}\n`)
  }
  const { devDependencies } = readJson(join(root, 'package.json'))
  const { dependencies } = readJson(join(root, 'contracts/package.json'))
  const inputs = { sha256: sha256.digest('hex'), solc: devDependencies.solc, ...dependencies }
  return `${JSON.stringify(inputs, undefined, 2)}\n`
}

/** False when the artifacts are of other sources, or there are none. */
export function areArtifactsCurrent(root = here) {
  try {
    return readFileSync(join(root, inputsFile), 'utf8') === contractInputs(root)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

const readJson = path => JSON.parse(readFileSync(path, 'utf8'))
