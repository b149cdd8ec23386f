import { describe, expect, it } from 'vitest'
import { tarballProblems } from './checkTarball.ts'

const sound = [
  'LICENSE',
  'README.md',
  'package.json',
  'src/a.ts',
  'dist/a.js',
  'dist/a.js.map',
  'dist/a.d.ts',
  'dist/a.d.ts.map',
]

describe('what a tarball may hold', () => {
  it('is sources, what they compile to, a licence and a README', () => {
    expect(tarballProblems(sound)).toEqual([])
  })

  it('is never without a licence', () => {
    expect(tarballProblems(sound.slice(1))).toEqual(['LICENSE is missing'])
  })

  it.each(['src/a.test.ts', 'src/testing/chain.ts', 'dist/tsconfig.tsbuildinfo', '.env', 'src/signer.key'])(
    'is not %s',
    file => {
      expect(tarballProblems([...sound, file]).join()).toContain(file)
    },
  )

  it('is no output whose source is gone', () => {
    expect(tarballProblems([...sound, 'dist/old.js']).join()).toContain('src/old.ts')
  })
})
