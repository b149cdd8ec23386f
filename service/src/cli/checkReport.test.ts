import { afterEach, expect, it, vi } from 'vitest'
import { obstacle, tellCheck } from './checkReport.ts'

afterEach(() => vi.restoreAllMocks())

it('marks what would not be served as drawback or obstacle, and never as well', () => {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(chunk => {
    out += String(chunk)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const paymaster = { subject: 'paymaster', says: 'does not answer', isDrawback: true }
  expect(tellCheck('tested', [{ subject: 'chain', says: '103' }, paymaster])).toBe(0)
  expect(out).toBe('ok  chain      103\nbut paymaster  does not answer\ntested start would serve\n')
  expect(tellCheck('tested', [obstacle('node', 'is silent'), paymaster])).toBe(1)
  expect(out).toContain('NO  node       is silent\n')
})
