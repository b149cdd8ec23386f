// Compiles, in the consumer's folder, what a strict consumer would: the documents' programs, the
// page, and the declarations of everything that the packages export.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import { documentSnippets } from './documentSnippets.ts'
import { runProgram } from './runProgram.ts'

/** Native: declarations of all libraries are read, which takes minutes otherwise. */
const compiler = join(workspaceRoot, 'node_modules/typescript-native/bin/tsc')

const strictest = {
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  noEmit: true,
  target: 'ES2023',
}

/** One line about it; throws with what does not compile. */
export function checkTypes(consumer: string): string {
  const snippets = documentSnippets()
  mkdirSync(join(consumer, 'snippets'), { recursive: true })
  for (const { name, code } of snippets)
    writeFileSync(join(consumer, 'snippets', `${name}.ts`), `${code}export {}\n`)
  writeFileSync(join(consumer, 'snippets/everything.ts'), importsOfEverything(consumer))
  cpSync(join(workspaceRoot, 'scripts/release/app'), join(consumer, 'app'), { recursive: true })

  compile(consumer, 'tsconfig.json', {
    include: ['snippets'],
    compilerOptions: {
      ...strictest,
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      lib: ['ES2023', 'DOM'],
      types: ['node'],
    },
  })
  compile(consumer, 'tsconfig.app.json', {
    include: ['app'],
    compilerOptions: {
      ...strictest,
      module: 'ESNext',
      moduleResolution: 'Bundler',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: [],
    },
  })
  return `0 type errors, those of libraries counted: ${snippets.length} programs of the documents, the page, every module`
}

function compile(consumer: string, name: string, configuration: object): void {
  writeFileSync(join(consumer, name), JSON.stringify(configuration, null, 2))
  runProgram({
    command: process.execPath,
    args: [compiler, '-p', name],
    folder: consumer,
  })
}

/** Every module by its own path, but for the programs, which run when imported. */
function importsOfEverything(consumer: string): string {
  const packages = ['sdk', 'service', 'bundler', 'paymaster', 'provider']
  const modules = packages.flatMap(name => {
    const dist = join(consumer, 'node_modules/@worldland-aa', name, 'dist')
    return readdirSync(dist, { recursive: true })
      .map(path => String(path).replaceAll('\\', '/'))
      .filter(path => path.endsWith('.d.ts'))
      .map(path => `@worldland-aa/${name}/${path.replace(/\.d\.ts$/, '')}`)
  })
  return ['@worldland-aa/sdk', ...modules]
    .map((path, at) => `export type * as m${at} from '${path}'\n`)
    .join('')
}
