import { describe, expect, it } from 'vitest'
import { readHostileOptions } from './options.ts'

describe('the command line of npm run hostile', () => {
  it('takes ten minutes at the strangers’ own pace when nothing is said', () => {
    expect(readHostileOptions([])).toEqual({ ok: true, value: { minutes: 10, strength: 1, json: false } })
  })

  it('takes parts of a minute and any pace', () => {
    const read = readHostileOptions(['--minutes', '0.5', '--strength', '3', '--json'])
    expect(read).toEqual({ ok: true, value: { minutes: 0.5, strength: 3, json: true } })
  })

  it.each([
    [['--minutes', '0'], '--minutes 0'],
    [['--minutes', 'soon'], '--minutes soon'],
    [['--strength', '21'], '--strength 21'],
    [['--force'], '--force'],
  ])('refuses %o and names what is wrong', (argv, named) => {
    expect(readHostileOptions(argv)).toMatchObject({
      ok: false,
      refusal: { code: 64, message: expect.stringContaining(named) },
    })
  })
})
