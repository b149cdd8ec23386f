// Whoever installs a package compiles against its declarations, which name the types of what it depends on.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workspaceRoot } from '../workspaceRoot.ts'

type Manifest = { readonly dependencies?: Readonly<Record<string, string>> }

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

function folderOf(dependency: string, packageFolder: string): string {
  const places = [packageFolder, workspaceRoot].map(folder => join(folder, 'node_modules', dependency))
  const found = places.find(place => existsSync(join(place, 'package.json')))
  if (found === undefined) throw new Error(`${dependency} is not installed: run npm run setup`)
  return found
}

function hasTypes(folder: string): boolean {
  return readdirSync(folder, { recursive: true }).some(path => /\.d\.[cm]?ts$/.test(String(path)))
}

/** Its types are named in our declarations; what a module of ours declares by itself is none of these. */
function imports(packageFolder: string, dependency: string): boolean {
  const source = join(packageFolder, 'src')
  const texts = readdirSync(source, { recursive: true })
    .map(String)
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(join(source, path), 'utf8'))
  const declaredHere = texts.some(text => text.includes(`declare module '${dependency}'`))
  return !declaredHere && texts.some(text => text.includes(`from '${dependency}'`))
}

it.each(['sdk', 'service', 'bundler', 'paymaster', 'provider'])(
  '%s brings the types of everything that it depends on',
  name => {
    const packageFolder = join(workspaceRoot, name)
    const dependencies = Object.keys(manifestOf(packageFolder).dependencies ?? {})
    const lacking = dependencies
      .filter(dependency => !dependency.startsWith('@types/') && !dependency.startsWith('@worldland-aa/'))
      .filter(dependency => imports(packageFolder, dependency))
      .filter(dependency => !hasTypes(folderOf(dependency, packageFolder)))
      .filter(dependency => !dependencies.includes(`@types/${dependency}`))
    expect(lacking).toEqual([])
  },
)
