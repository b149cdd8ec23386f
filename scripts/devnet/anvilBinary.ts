// Where the anvil of the npm package is: the program itself, not its Node wrapper, which could be killed
// without it.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import { DevnetError } from './devnetError.ts'

export function anvilBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const platform = process.platform
  const suffix = platform === 'win32' ? '.exe' : ''
  const packageName = `@foundry-rs/anvil-${platform}-${architecture}`
  const require = createRequire(join(workspaceRoot, 'package.json'))
  try {
    const binary = join(dirname(require.resolve(`${packageName}/package.json`)), 'bin', `anvil${suffix}`)
    if (existsSync(binary)) return binary
  } catch (error) {
    throw new DevnetError(
      `anvil for this machine (${packageName}) is not installed: run npm ci without --omit=optional`,
      { cause: error },
    )
  }
  throw new DevnetError(`The package ${packageName} holds no anvil: delete node_modules and run npm ci`)
}
