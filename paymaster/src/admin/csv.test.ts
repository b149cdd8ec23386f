// What people open in a spreadsheet must not become a program there.
import { describe, expect, it } from 'vitest'
import { csvField } from './csv.ts'

describe('csvField', () => {
  it.each([
    ['=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
    ['plain', 'plain'],
    ['', ''],
  ])('writes %j as %j', (text, written) => {
    expect(csvField(text)).toBe(written)
  })

  it('writes wei as they are, and nothing for what is not known', () => {
    expect([csvField('123456789012345678901234567890'), csvField(null), csvField(true)]).toEqual([
      '123456789012345678901234567890',
      '',
      'true',
    ])
  })
})
