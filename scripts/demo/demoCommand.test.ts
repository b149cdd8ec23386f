import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../workspaceRoot.ts'

describe('the demo', () => {
  it('rents a GPU from a key that holds nothing, and accounts for every wei', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'))
    const { code, stdout, stderr } = await runDemo(
      ...['--once', '--json', '--port-base', '0', '--data-directory', folder],
    )
    rmSync(folder, { recursive: true, force: true })
    expect(code, stderr + stdout).toBe(0)
    const story = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, string> & {
      steps: { name: string; gasToken?: string }[]
    }
    expect(story).toMatchObject({
      userOperationHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      renterNativeWei: '0',
    })
    expect(BigInt(story.leaseId ?? 0)).toBeGreaterThan(0n)
    expect(BigInt(story.gasPaidToken ?? 0)).toBeGreaterThan(0n)
    expect(BigInt(story.refundToken ?? 0)).toBeGreaterThan(0n)
    expect(story.steps.map(step => step.name)).toEqual([
      ...['key', 'tokens', 'offers', 'quote', 'sign', 'rent', 'accept', 'ready', 'run', 'stop', 'books'],
    ])
    const gas = story.steps.reduce((sum, step) => sum + BigInt(step.gasToken ?? 0), 0n)
    expect(gas).toBe(BigInt(story.gasPaidToken ?? 0))
  })
})

async function runDemo(...flags: readonly string[]) {
  const child = spawn(process.execPath, [join(workspaceRoot, 'scripts', 'dist', 'demo.js'), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text))
  child.stderr.on('data', (text: Buffer) => (stderr += text))
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve))
  return { code, stdout, stderr }
}
