import { describe, expect, it } from 'vitest'
import { snippetsIn } from './snippets.ts'

const block = (code: string, info = 'ts') => `\`\`\`${info}\n${code}\n\`\`\`\n`

describe('the programs in a document', () => {
  it('are its blocks of TypeScript, with the line where each begins', () => {
    const document = `# Title\n\n${block('let a = 1')}\nText\n\n${block('let b = 2')}`
    expect(snippetsIn(document)).toEqual([
      { line: 4, code: 'let a = 1\n' },
      { line: 10, code: 'let b = 2\n' },
    ])
  })

  it('go on where a block says so', () => {
    const document = `${block('let a = 1')}Text\n${block('a + 1', 'ts continued')}`
    expect(snippetsIn(document)).toEqual([{ line: 2, code: 'let a = 1\n\na + 1\n' }])
  })

  it('are not what is in another language', () => {
    expect(snippetsIn(block('npm test', 'sh') + block('{}', 'json'))).toEqual([])
  })

  it('cannot begin by going on', () => {
    expect(() => snippetsIn(block('a', 'ts continued'))).toThrow('continued')
  })
})
