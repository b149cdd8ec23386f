// Packs each program of the clone, with all that it imports, into a few files beside its dist: Node reads them in half the
// processor time of a thousand modules, and devnet, demo and tests start programs by the hundred. What is published and
// what the containers run is dist, whose modules these are.
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))

/** By package: the entries of its dist, by the name that each has when it is packed. */
const programs = {
  bundler: { main: 'main.js', engineWorker: 'execution/engineWorker.js' },
  paymaster: { main: 'main.js' },
  provider: { main: 'main.js' },
  sdk: { pay: 'cli/pay/main.js', rent: 'cli/rent/main.js' },
}

/** The packages whose programs are older than what they are packed of. */
export function stalePrograms(root = here) {
  const inputs = ['sdk', 'service', ...Object.keys(programs)].map(folder =>
    join(root, 'node_modules/.cache/worldland-aa', `${folder}.json`),
  )
  const newest = Math.max(...[...inputs, join(root, 'package-lock.json')].map(path => statSync(path).mtimeMs))
  return Object.keys(programs).filter(folder =>
    Object.keys(programs[folder]).some(name => {
      const packed = join(root, folder, 'packed', `${name}.js`)
      return !existsSync(packed) || statSync(packed).mtimeMs < newest
    }),
  )
}

export async function pack(folders, root = here) {
  await Promise.all(folders.map(folder => packProgram(root, folder)))
}

async function packProgram(root, folder) {
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: join(root, folder),
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', 'dockerode', 'ssh2'] },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir: 'packed',
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(programs[folder]).map(([name, path]) => [name, join(root, folder, 'dist', path)]),
        ),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
}
