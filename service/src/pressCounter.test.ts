import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pressCounter } from './pressCounter.ts'

describe('a press of Ctrl-C', () => {
  it('that comes twice, from the terminal and from npx, is one', () => {
    let at = 1_000
    const press = pressCounter(() => at)
    expect(press()).toBe('first')
    at += 20
    expect(press()).toBe('same')
    at += 20
    expect(press()).toBe('same')
  })

  it('is another one when it comes later', () => {
    let at = 0
    const press = pressCounter(() => at)
    press()
    at += 2_000
    expect(press()).toBe('again')
    expect(press()).toBe('again')
  })

  it('ends a daemon in order, though both SIGINTs and a SIGTERM come at once', async () => {
    const lifecycle = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'lifecycle.js')).href
    const program = `
      const { untilSignal } = await import(${JSON.stringify(lifecycle)})
      const signal = untilSignal()
      console.log('up')
      const alive = setInterval(() => {}, 1000)
      await signal
      await new Promise(resolve => setImmediate(resolve))
      console.log('stopped in order')
      clearInterval(alive)
      process.exit(0)
    `
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) child.kill(signal)
    expect(await ended).toEqual([0, null])
  })
})
