// Whether a file with a key can be read by others: such a key is taken from whoever shares the machine to be known.
import { accessSync, constants, statSync } from 'node:fs'

/**
 * Why the file is no place for a key, with what to do; undefined where all is well. On a read-only mount the mode is
 * not the owner's to choose: there Docker and Kubernetes put secrets, readable for all inside the container.
 */
export function openFileProblem(path: string): string | undefined {
  if (process.platform === 'win32') return undefined
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) === 0 || isOnReadOnlyMount(path)) return undefined
  const shown = mode.toString(8).padStart(4, '0')
  return `${path} holds a key, and other accounts may open it (mode ${shown}): chmod 600 ${path}`
}

function isOnReadOnlyMount(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
  }
}
