// A link opens what it was made for, and ends.
import { describe, expect, test } from 'vitest'
import { createLinks, type Links } from './links.ts'

const fileId = 'ab'.repeat(16)
const link = { fileId, range: { first: 10, last: 99 }, expiresAtSeconds: 1_000 }
const clockAt = (seconds: number) => ({ now: () => seconds * 1_000 })
const readOf = (links: Links, id: string, query: string) => {
  const fields = new URLSearchParams(query)
  return links.read(id, name => fields.get(name) ?? undefined)
}

describe('a link', () => {
  test('opens its file and bytes until its time is over', () => {
    let seconds = 0
    const links = createLinks({ clock: { now: () => seconds * 1_000 } })
    const query = links.make(link)
    expect(readOf(links, fileId, query)).toEqual({ ok: true, value: link })
    seconds = 1_001
    expect(readOf(links, fileId, query)).toMatchObject({ ok: false, refusal: { status: 410 } })
  })

  test('attack, a forged link: no byte of it can be changed, and none of another start holds', () => {
    const links = createLinks({ clock: clockAt(0) })
    const good = new URLSearchParams(links.make(link))
    const changes: readonly (readonly [string, string])[] = [
      ['first', '0'],
      ['last', '100'],
      ['expires', '999999999'],
      ['first', '010'],
      ['first', '1e1'],
      ['signature', '0'.repeat(64)],
      ['signature', `${good.get('signature')}00`],
      ['signature', ''],
    ]
    for (const [name, value] of changes) {
      const forged = new URLSearchParams(good)
      forged.set(name, value)
      expect(readOf(links, fileId, forged.toString())).toMatchObject({ ok: false, refusal: { status: 403 } })
    }
    for (const name of ['first', 'last', 'expires']) {
      const cut = new URLSearchParams(good)
      cut.delete(name)
      expect(readOf(links, fileId, cut.toString())).toMatchObject({ ok: false })
    }
    expect(readOf(links, 'cd'.repeat(16), good.toString())).toMatchObject({ ok: false })
    expect(readOf(createLinks({ clock: clockAt(0) }), fileId, good.toString())).toMatchObject({ ok: false })
    expect(readOf(links, fileId, '')).toBeUndefined()
  })
})
