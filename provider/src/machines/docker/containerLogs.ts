// What a container printed, as the engine kept it.
import type Docker from 'dockerode'
import { demultiplex } from './demultiplex.ts'
import { isMissing } from './engineErrors.ts'

export async function* containerLogs(
  container: Docker.Container,
  options: { readonly tailLines: number; readonly follow: boolean; readonly signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array> {
  const { tailLines, follow, signal } = options
  const isStopped = (): boolean => signal?.aborted === true
  if (isStopped()) return
  const stream = await openLogs(container, tailLines, follow)
  if (stream === undefined) return
  const stop = (): void => void ('destroy' in stream && stream.destroy())
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const { bytes } of demultiplex(stream)) {
      yield bytes
      if (isStopped()) return
    }
  } catch (error) {
    if (!isStopped()) throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

async function openLogs(
  container: Docker.Container,
  tailLines: number,
  follow: boolean,
): Promise<(AsyncIterable<Uint8Array> & Partial<{ destroy(): unknown }>) | undefined> {
  const options = { stdout: true, stderr: true, tail: Math.max(0, Math.floor(tailLines)) }
  try {
    if (follow)
      return (await container.logs({ ...options, follow: true })) as unknown as AsyncIterable<Uint8Array>
    // What is kept is bounded, and so is what comes at once.
    const whole = await container.logs({ ...options, follow: false })
    return (async function* () {
      yield whole
    })()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
