import { describe, expect, it } from 'vitest'
import { createDiskWatch } from './diskWatch.ts'

describe('the watch of disks', () => {
  it('looks at every machine again and again, though one cannot be looked at and another takes for ever', async () => {
    const troubles: unknown[] = []
    let looks = 0
    await new Promise<void>(resolve => {
      const watch = createDiskWatch({
        find: async () => ['fails', 'hangs', 'sound'],
        async look(id) {
          if (id === 'fails') throw new Error('the engine does not answer for it')
          if (id === 'hangs') await new Promise<never>(() => undefined)
          if (++looks < 3) return
          watch.end()
          resolve()
        },
        pauseMilliseconds: 5,
        onTrouble: error => troubles.push(error),
      })
    })
    expect(looks).toBe(3)
    expect(troubles).toContainEqual(new Error('the engine does not answer for it'))
  })
})
