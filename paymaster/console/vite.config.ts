// How the console becomes files that the paymaster serves under /console/: split by page, compressed beforehand, so
// that the service reads bytes and decides nothing.
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Below this, a header costs more than is saved. */
const leastCompressedBytes = 1024
const bestBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
const asBrotli = promisify(brotliCompress)
const asGzip = promisify(gzip)

export default defineConfig({
  base: '/console/',
  plugins: [react(), compressed()],
  // The service puts a new one into every page that it answers with.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // They know light-dark(), which would else be rewritten into what knows of no scheme that a script has chosen.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
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
})

function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    async closeBundle() {
      const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      await Promise.all(paths.filter(path => /\.(js|css|html|json|svg)$/.test(path)).map(compress))
    },
  }

  async function compress(path: string): Promise<void> {
    const bytes = await readFile(join(folder, path))
    if (bytes.length < leastCompressedBytes) return
    await Promise.all([
      asGzip(bytes, { level: 9 }).then(small => writeFile(join(folder, `${path}.gz`), small)),
      asBrotli(bytes, bestBrotli).then(small => writeFile(join(folder, `${path}.br`), small)),
    ])
  }
}
