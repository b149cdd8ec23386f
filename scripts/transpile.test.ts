import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workspaceRoot } from './workspaceRoot.ts'

type Project = { readonly folder: string }

// Plain JavaScript, because it runs before there is anything else.
const { staleProjects, transpile } = (await import(join(workspaceRoot, 'scripts', 'transpile.mjs'))) as {
  staleProjects: (root: string) => readonly Project[]
  transpile: (projects: readonly Project[]) => Promise<void>
}

describe('transpiling', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'transpile-'))
    write('tsconfig.json', '{ "files": [], "references": [{ "path": "one" }, { "path": "two" }] }')
    write('tsconfig.base.json', readFileSync(join(workspaceRoot, 'tsconfig.base.json'), 'utf8'))
    for (const folder of ['one', 'two']) {
      write(`${folder}/package.json`, '{ "type": "module" }')
      write(
        `${folder}/tsconfig.json`,
        '{ "extends": "../tsconfig.base.json", "compilerOptions": { "rootDir": "src", "outDir": "dist" }, "include": ["src"] }',
      )
      write(
        `${folder}/src/main.ts`,
        "import { value } from './value.ts'\nexport const twice: number = value * 2\n",
      )
      write(`${folder}/src/value.ts`, 'export const value: number = 21\n')
    }
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    // What is written in the instant in which its project is begun counts as newer.
    const earlier = new Date(Date.now() - 60_000)
    utimesSync(join(root, path), earlier, earlier)
  }
  const stale = (): readonly string[] => staleProjects(root).map(({ folder }) => folder)
  const inLaterTime = (path: string): void => {
    const later = new Date(Date.now() + 60_000)
    utimesSync(join(root, path), later, later)
  }

  it('makes modules that run, of every project', async () => {
    expect(stale()).toEqual(['one', 'two'])
    await transpile(staleProjects(root))
    const { twice } = (await import(join(root, 'two', 'dist', 'main.js'))) as { twice: number }
    expect(twice).toBe(42)
  })

  it('has nothing to do when nothing has changed', async () => {
    await transpile(staleProjects(root))
    expect(stale()).toEqual([])
  })

  it('makes a project anew whose source, settings or output changed, and no other', async () => {
    await transpile(staleProjects(root))
    write('one/src/value.ts', 'export const value: number = 4\n')
    inLaterTime('one/src/value.ts')
    expect(stale()).toEqual(['one'])
    await transpile(staleProjects(root))
    expect(readFileSync(join(root, 'one/dist/value.js'), 'utf8')).toContain('value = 4')

    rmSync(join(root, 'two/dist/value.js'))
    expect(stale()).toContain('two')
    inLaterTime('tsconfig.base.json')
    expect(stale()).toEqual(['one', 'two'])
  })

  it('takes the module away whose source is gone', async () => {
    write('one/src/gone.ts', 'export const gone = true\n')
    await transpile(staleProjects(root))
    expect(existsSync(join(root, 'one/dist/gone.js'))).toBe(true)
    rmSync(join(root, 'one/src/gone.ts'))
    expect(stale()).toEqual(['one'])
    await transpile(staleProjects(root))
    expect(existsSync(join(root, 'one/dist/gone.js'))).toBe(false)
    expect(existsSync(join(root, 'one/dist/main.js'))).toBe(true)
  })

  it('asks no type, but says which project it cannot read, and tries again', async () => {
    write('one/src/value.ts', "export const value: number = 'no number'\n")
    write('two/src/value.ts', 'export const value: = 1\n')
    await expect(transpile(staleProjects(root))).rejects.toThrow('the TypeScript of two cannot be read')
    expect(stale()).toEqual(['two'])
  })
})
