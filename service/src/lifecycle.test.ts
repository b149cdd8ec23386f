import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { inOrder, type Part } from './lifecycle.ts'

const logger = pino({ level: 'silent' })

function stage() {
  const told: string[] = []
  const part = (name: string, start: () => Promise<void> = async () => undefined): Part => ({
    name,
    async start() {
      told.push(`${name} starts`)
      await start()
      told.push(`${name} started`)
    },
    giveUp() {
      told.push(`${name} is given up`)
    },
    async stop() {
      told.push(`${name} stops`)
    },
  })
  return { told, part }
}

describe('parts in order', () => {
  it('start one after the other and stop in reverse', async () => {
    const { told, part } = stage()
    const all = inOrder([part('database'), part('reader')], logger)
    await all.start()
    await all.stop()
    expect(told).toEqual([
      ...['database starts', 'database started', 'reader starts', 'reader started'],
      ...['reader stops', 'database stops'],
    ])
  })

  it('are all stopped when one cannot start', async () => {
    const { told, part } = stage()
    const broken = part('reader', () => Promise.reject(new Error('no node')))
    await expect(inOrder([part('database'), broken], logger).start()).rejects.toThrow('no node')
    expect(told).toEqual(['database starts', 'database started', 'reader starts', 'database stops'])
  })

  it.each(['ends well', 'fails'])(
    'keep what a part stands on until its start, which is given up, is over: it %s',
    async way => {
      const { told, part } = stage()
      let end = (): void => undefined
      const reader = part('reader', async () => {
        await new Promise<void>(resolve => {
          end = resolve
        })
        told.push('reader writes')
        if (way === 'fails') throw new Error('given up')
      })
      const all = inOrder([part('database'), reader, part('server')], logger)
      const started = all.start().catch(() => undefined)
      await expect.poll(() => told).toContain('reader starts')
      const stopped = all.stop()
      await expect.poll(() => told).toContain('reader is given up')
      end()
      await Promise.all([started, stopped])
      expect(told.slice(told.indexOf('reader writes'))).toEqual([
        'reader writes',
        ...(way === 'fails' ? [] : ['reader started', 'reader stops']),
        'database stops',
      ])
    },
  )
})
