// Bundles the page as its author would, and serves it at an origin of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'

export type ServedPage = { readonly url: string; stop(): Promise<void> }

export async function servePage(): Promise<ServedPage> {
  const folder = mkdtempSync(join(tmpdir(), 'wagmi-page-'))
  const shared = { root: import.meta.dirname, configFile: false, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir: folder, emptyOutDir: true } })
  const server = await preview({
    ...shared,
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
  })
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    async stop() {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
