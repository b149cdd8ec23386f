// A frame's memory: grows in whole words, after gas was paid for them.

const initialBytes = 4096

export class Memory {
  /** Beyond `size` it is zero. */
  bytes = new Uint8Array(initialBytes)
  view = new DataView(this.bytes.buffer)
  /** What has been used, in bytes: a multiple of 32. */
  size = 0

  /** `size` must be a multiple of 32. */
  grow(size: number): void {
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.bytes.length))
      larger.set(this.bytes.subarray(0, this.size))
      this.bytes = larger
      this.view = new DataView(larger.buffer)
    }
    this.size = size
  }

  /** Copies in what of `source` begins at `from`, and zeros where it has ended. */
  copyIn(to: number, source: Uint8Array, from: number, length: number): void {
    if (length === 0) return
    const present =
      from < source.length ? source.subarray(from, Math.min(from + length, source.length)) : none
    this.bytes.set(present, to)
    this.bytes.fill(0, to + present.length, to + length)
  }

  /** As it was when new; the room is kept. */
  clear(): void {
    this.bytes.fill(0, 0, this.size)
    this.size = 0
  }

  /** What it costs in all to have used so many bytes. */
  static cost(size: number): number {
    const words = size / 32
    return 3 * words + Math.floor((words * words) / 512)
  }
}

const none = new Uint8Array(0)
