// Where the clone begins, for scripts that read artifacts and start binaries: the same answer
// from the TypeScript sources (tests) and from scripts/dist.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const workspaceRoot = findUpwards(dirname(fileURLToPath(import.meta.url)))

function findUpwards(folder: string): string {
  if (existsSync(join(folder, 'foundry.toml'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('The workspace root (the folder of foundry.toml) was not found')
  return findUpwards(parent)
}
