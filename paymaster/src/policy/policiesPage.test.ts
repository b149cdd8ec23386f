// The page about policies: its example is what the service loads, and it names every field that there is.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadPolicies } from './loadPolicies.ts'
import { policyJsonSchema } from './policyJsonSchema.ts'

const page = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8')
const example = /```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? ''

it('gives an example that is loaded as it stands', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'page-')), 'policies.json')
  writeFileSync(path, example)
  const loaded = loadPolicies(path, { endedBefore: Date.now() / 1000 })
  expect(loaded).toMatchObject({ ok: true, value: [{ id: 'rentals', isDefault: true }] })
})

it('shows and names every field of a policy', () => {
  const { properties } = policyJsonSchema() as { properties: Record<string, { properties?: object }> }
  const written = (JSON.parse(example) as { policies: Record<string, object>[] }).policies[0] ?? {}
  for (const [field, { properties: inner = {} }] of Object.entries(properties)) {
    expect(page.includes(`\`${field}\``), field).toBe(true)
    for (const name of Object.keys(inner)) {
      expect(page.includes(`\`${name}\``), `${field}.${name}`).toBe(true)
    }
  }
  for (const field of Object.keys(properties).filter(name => !['author', 'icon'].includes(name))) {
    expect(Object.keys(written), 'the example').toContain(field)
  }
})
