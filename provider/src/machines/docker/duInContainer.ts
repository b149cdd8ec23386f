// Counts a folder with the engine's rights, for a daemon that is not root: by this host's own `du`.
import type Docker from 'dockerode'
import { containerLogs } from './containerLogs.ts'
import { createHostProgram } from './hostProgram.ts'

export type Counted = 'bytes' | 'files'

const target = '/counted'

export function duArguments(counted: Counted, folder: string): string[] {
  return ['-s', '-x', counted === 'files' ? '--inodes' : '--block-size=1', '--', folder]
}

/** What `du` says. Without an answer once `signal` fires. */
export async function duInContainer(
  docker: Docker,
  folder: string,
  { counted, signal }: { readonly counted: Counted; readonly signal: AbortSignal },
): Promise<string> {
  const container = await createCounter(docker, folder, counted)
  const end = (): void => void container.kill().catch(() => undefined)
  try {
    await container.start()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    await container.wait()
    signal.throwIfAborted()
    const pieces: Uint8Array[] = []
    const asked = { tailLines: 5, follow: false, signal: undefined }
    for await (const piece of containerLogs(container, asked)) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  } finally {
    signal.removeEventListener('abort', end)
    await container.remove({ force: true, v: true })
  }
}

function createCounter(docker: Docker, folder: string, counted: Counted): Promise<Docker.Container> {
  return createHostProgram(docker, {
    command: ['/usr/bin/du', ...duArguments(counted, target)],
    folder: { source: folder, target, isReadOnly: true },
    capabilities: ['DAC_READ_SEARCH'],
  })
}
