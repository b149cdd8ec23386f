import { createPublicClient, http } from 'viem'
import { describe, expect, it } from 'vitest'
import { reasonOf } from './reasonOf.ts'

describe('saying why something failed', () => {
  it('tells each cause once, the first first', () => {
    const cause = new Error('the disk is full')
    const error = new Error('could not save', { cause: new Error('could not save', { cause }) })
    expect(reasonOf(error)).toBe('could not save\n  because: the disk is full')
  })

  it("tells what the other side said when viem's errors wrap it", async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_, response) =>
      response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"nonce is missing"}}'),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const client = createPublicClient({ transport: http(`http://127.0.0.1:${port}`, { retryCount: 0 }) })
    const error = await client.getChainId().catch((thrown: unknown) => thrown)
    server.close()
    expect(reasonOf(error)).toContain('nonce is missing')
    expect(reasonOf(error)).not.toContain('Request body')
  })

  it('tells something of what is no error at all', () => {
    expect(reasonOf('out of luck')).toBe('out of luck')
  })
})
