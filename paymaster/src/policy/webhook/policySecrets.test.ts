import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPolicySecrets } from './policySecrets.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

function write(content: string, mode = 0o600): string {
  const path = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'secrets.json')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe("the secrets of policies' webhooks", () => {
  it('are known by name, anew at each reload, and kept where the file has a mistake', () => {
    const path = write(JSON.stringify({ loans: secret }))
    const secrets = createPolicySecrets(path, { allowOpenFile: false })
    expect(secrets.secretOf('loans')).toBeUndefined()
    expect(secrets.reload()).toMatchObject({ ok: true })
    expect(secrets.secretOf('loans')).toBe(secret)
    writeFileSync(path, '{')
    expect(secrets.reload()).toMatchObject({ ok: false })
    expect(secrets.names()).toEqual(['loans'])
    expect(createPolicySecrets(undefined, { allowOpenFile: false }).reload()).toMatchObject({ ok: true })
  })

  it.each([
    ['a list', '[]'],
    ['a secret that is short', '{"loans": "whsec_AAAA"}'],
    ['a secret of another kind', `{"loans": "${secret.slice(6)}"}`],
    ['a name with capitals', `{"Loans": "${secret}"}`],
  ])('are refused: %s, without a word of them', (_, content) => {
    const read = createPolicySecrets(write(content), { allowOpenFile: false }).reload()
    expect(read).toMatchObject({ ok: false })
    expect(JSON.stringify(read)).not.toContain(secret.slice(10))
  })

  it('are not taken from a file that others may open, unless that is wanted', () => {
    const path = write(JSON.stringify({ loans: secret }), 0o644)
    const read = createPolicySecrets(path, { allowOpenFile: false }).reload()
    expect(read).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('chmod 600') } })
    expect(createPolicySecrets(path, { allowOpenFile: true }).reload()).toMatchObject({ ok: true })
  })
})
