import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c, maskedChecksum } from './crc32c.ts'
import { compressBlock, uncompressBlock } from './snappyBlock.ts'
import { decodeFrames, encodeFrames } from './snappyFrames.ts'

const most = 1_048_576
/** Compresses well, and not at all. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 4_000 }))
    .map(([part, times]) =>
      Uint8Array.from({ length: part.length * times }, (_, at) => part[at % part.length] ?? 0),
    ),
)

function source(bytes: Uint8Array) {
  let at = 0
  return {
    async read(count: number) {
      if (at + count > bytes.length) return undefined
      at += count
      return bytes.subarray(at - count, at)
    },
    get left() {
      return bytes.length - at
    },
  }
}

describe('a snappy block', () => {
  it('is read as what was compressed', () => {
    fc.assert(
      fc.property(content, bytes => {
        const read = uncompressBlock(compressBlock(bytes), most)
        expect(read.ok && Buffer.compare(read.value, bytes)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused where it is cut off, and never read as something else', () => {
    fc.assert(
      fc.property(content, fc.nat(), (bytes, at) => {
        const block = compressBlock(bytes)
        expect(uncompressBlock(block.subarray(0, at % block.length), most).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused or read within its bound, whatever bits are turned in it', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 0, max: 7 }), (bytes, at, bit) => {
        const block = compressBlock(bytes).slice()
        const index = at % block.length
        block[index] = (block[index] ?? 0) ^ (1 << bit)
        const read = uncompressBlock(block, bytes.length)
        if (read.ok) expect(read.value.length).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['claims more than is taken', [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], 'claims 4294967295 bytes'],
    ['claims more than it can hold', [0x80, 0x80, 0x40, 0x00, 0x61], 'more than its bytes can hold'],
    [
      'has a literal longer than it claims to be',
      [5, 0xf4, 0xff, 0xff, 0, 0, 0, 0, 0],
      'more than it claims',
    ],
    ['copies from before its beginning', [4, 0x01, 0x01], 'from before its beginning'],
    ['copies from nowhere', [8, 0x0c, 1, 2, 3, 4, 0x01, 0x00], 'from before its beginning'],
    ['holds less than it claims', [5, 0x00, 0x61], 'less than it claims'],
    ['ends within its length', [0x80], 'cannot be read'],
    ['is nothing', [], 'cannot be read'],
  ])('that %s is refused', (_, bytes, problem) => {
    const read = uncompressBlock(Uint8Array.from(bytes), most)
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(problem) })
  })
})

describe('a snappy stream', () => {
  it('has the checksums of its format', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    // RFC 3720, B.4: 32 bytes of zeros.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(maskedChecksum(new Uint8Array(32))).toBe(
      ((0x8a9136aa >>> 15) + (0x8a9136aa << 17) + 0xa282ead8) >>> 0,
    )
  })

  it('is read as what was framed, and nothing behind it', async () => {
    await fc.assert(
      fc.asyncProperty(content, async bytes => {
        const stream = source(Buffer.concat([encodeFrames(bytes), Buffer.from('next')]))
        const read = await decodeFrames(stream, bytes.length)
        expect(read.ok && Buffer.compare(read.value, bytes)).toBe(0)
        expect(stream.left).toBe(4)
      }),
      { numRuns: 40 },
    )
  })

  it('is refused where it is cut off or a bit is turned', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 500 }),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        async (bytes, at, bit) => {
          const framed = encodeFrames(bytes)
          const index = at % framed.length
          expect((await decodeFrames(source(framed.subarray(0, index)), bytes.length)).ok).toBe(false)
          const turned = Uint8Array.from(framed)
          turned[index] = (turned[index] ?? 0) ^ (1 << bit)
          expect((await decodeFrames(source(turned), bytes.length)).ok).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is refused when it holds chunk after chunk of nothing', async () => {
    const identifier = encodeFrames(new Uint8Array())
    const padding = Uint8Array.of(0xfe, 0, 0, 0)
    const stream = source(Buffer.concat([identifier, ...Array.from({ length: 100 }, () => padding)]))
    expect(await decodeFrames(stream, 1)).toMatchObject({ ok: false })
    expect(stream.left).toBeGreaterThan(300)
  })
})
