// Which versions the packages are tried beside: what this checkout is built with, and the oldest viem that they allow.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'

export type ReleaseVersions = {
  /** This release. */
  readonly packages: string
  readonly viem: string
  readonly oldestViem: string
  readonly permissionless: string
  readonly typescript: string
  readonly nodeTypes: string
}

type Manifest = {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

export function releaseVersions(): ReleaseVersions {
  const { devDependencies } = manifestOf('.')
  const sdk = manifestOf('sdk')
  return {
    packages: sdk.version,
    viem: devDependencies.viem as string,
    oldestViem: (sdk.peerDependencies.viem as string).replace('^', ''),
    permissionless: devDependencies.permissionless as string,
    typescript: devDependencies.typescript as string,
    nodeTypes: devDependencies['@types/node'] as string,
  }
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8'))
}
