import fc from 'fast-check'
import { expect, it } from 'vitest'
import { demultiplex } from './demultiplex.ts'

it('takes frames apart wherever the stream was cut', async () => {
  const frame = fc.record({ isError: fc.boolean(), bytes: fc.uint8Array({ maxLength: 40 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 13 })),
      async (frames, cuts) => {
        const whole = Buffer.concat(
          frames.flatMap(({ isError, bytes }) => {
            const head = Buffer.alloc(8)
            head[0] = isError ? 2 : 1
            head.writeUInt32BE(bytes.length, 4)
            return [head, bytes]
          }),
        )
        async function* stream(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < whole.length; ) {
            const length = cuts.next().value ?? 1
            yield whole.subarray(at, at + length)
            at += length
          }
        }
        const got = { output: [] as number[], errors: [] as number[] }
        for await (const { isError, bytes } of demultiplex(stream())) {
          got[isError ? 'errors' : 'output'].push(...bytes)
        }
        const wanted = (kind: boolean): number[] =>
          frames.filter(({ isError }) => isError === kind).flatMap(({ bytes }) => [...bytes])
        expect(got).toEqual({ output: wanted(false), errors: wanted(true) })
      },
    ),
  )
})
