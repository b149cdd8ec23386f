import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { chapterScript } from './chapterScript.ts'

const fence = '```'
const chapter = `
${fence}sh
# Replace what is in this block, and nothing below it.
NAME=you   # who
${fence}
${fence}console
# rm -rf everything
${fence}
${fence}sh
echo "it's $NAME"
${fence}
`

describe('a chapter as a script', () => {
  it('runs the shell blocks alone, with the first one replaced', () => {
    const script = chapterScript(chapter, { NAME: 'Ada' })
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toContain("it's Ada")
    expect(script).not.toContain('everything')
  })

  it('ends at the first command that fails', () => {
    const script = chapterScript(`${chapter}${fence}sh\nfalse\necho after\n${fence}\n`, { NAME: 'Ada' })
    expect(() => execFileSync('bash', ['-c', script], { stdio: 'pipe' })).toThrow()
  })

  it('replaces nothing but what the chapter has replaced', () => {
    expect(() => chapterScript(chapter, { NAME: 'Ada', OTHER: '1' })).toThrow('OTHER')
  })
})
