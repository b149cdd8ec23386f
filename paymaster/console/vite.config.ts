// How the console becomes files that the paymaster serves under /console/: split by page, compressed beforehand, so
// that the service reads bytes and decides nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Below this, a header costs more than is saved. */
const leastCompressedBytes = 1024
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

export default defineConfig({
  base: '/console/',
  plugins: [react(), compressed()],
  // The service puts a new one into every page that it answers with.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    // The content security policy allows no data: script, and small files are cheap over one connection.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What pages share comes in two files, not in thirty; what one page needs alone comes with it.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules/, minShareCount: 2 },
            { name: 'shared', test: /console\/src\//, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4338' } },
})

function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(path)) continue
        const bytes = readFileSync(join(folder, path))
        if (bytes.length < leastCompressedBytes) continue
        writeFileSync(join(folder, `${path}.gz`), gzipSync(bytes, { level: 9 }))
        writeFileSync(join(folder, `${path}.br`), brotliCompressSync(bytes, brotliOptions))
      }
    },
  }
}
