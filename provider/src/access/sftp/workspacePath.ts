// Paths as an SFTP client sees them: everything lies below /workspace, which is also where it begins.
import { posix } from 'node:path'

export const workspaceRoot = '/workspace'
const mostPathCharacters = 4_096

/** Without dots, from the root on. */
export function resolvePath(path: string): string {
  return posix.resolve(workspaceRoot, path)
}

/** The names on the way from the workspace; undefined for what lies outside of it, or is no path. */
export function segmentsOf(path: string): readonly string[] | undefined {
  if (path.length > mostPathCharacters || path.includes('\0')) return undefined
  const resolved = resolvePath(path)
  if (resolved === workspaceRoot) return []
  if (!resolved.startsWith(`${workspaceRoot}/`)) return undefined
  return resolved.slice(workspaceRoot.length + 1).split('/')
}
