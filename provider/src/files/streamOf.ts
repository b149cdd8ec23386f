// Bytes as the body of an answer: read no faster than they are taken, and given up when nobody takes them any more.

export function streamOf(bytes: AsyncIterable<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await iterator.next()
          if (!next.done) return controller.enqueue(next.value)
          ended()
          controller.close()
        } catch (error) {
          ended()
          controller.error(error)
        }
      },
      async cancel() {
        ended()
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
