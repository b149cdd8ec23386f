// A download believes nothing of the provider: whatever it sends instead of the file is told apart, within bounds.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { splitIntoChunks } from '../actions/provenance/splitIntoChunks.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { downloadFile } from './downloadFile.ts'
import { encodeManifest, fileRoot } from './fileManifest.ts'

const chunkBytes = 4_096
const bytes = Uint8Array.from({ length: 5 * chunkBytes + 9 }, (_, at) => (at * 7) % 251)
const chunkHashes = splitIntoChunks(bytes, { chunkBytes }).map(chunk => keccak256(chunk))
const manifest = { sizeBytes: bytes.length, chunkBytes, chunkHashes }
const root = fileRoot(manifest)
const fileId = 'ab'.repeat(16)

type Provider = (request: IncomingMessage, response: ServerResponse) => void
let server: Server
let url: string
let provider: Provider

/** As a provider answers that is what it should be. */
const honest: Provider = (request, response) => {
  if (request.url?.endsWith('/manifest')) return void response.end(encodeManifest(manifest))
  const [, first = '0', last = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  response.writeHead(206).end(bytes.subarray(Number(first), Number(last) + 1))
}

beforeAll(async () => {
  server = createServer((request, response) => provider(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  provider = honest
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function download(firstChunk = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const contracts = { instanceLease: `0x${'22'.repeat(20)}` } as unknown as ComputeContracts
  const signer = privateKeyToAccount(`0x${'11'.repeat(32)}`)
  const holder = { contracts, chainId: 103, url, signer, market: 'lease', agreementId: 1n } as const
  for await (const chunk of downloadFile({ ...holder, fileId, root, firstChunk })) pieces.push(chunk.bytes)
  return Buffer.concat(pieces)
}

describe('a download', () => {
  test('is the file, whole or from any chunk on', async () => {
    expect((await download()).equals(bytes)).toBe(true)
    expect((await download(3)).equals(bytes.subarray(3 * chunkBytes))).toBe(true)
  })

  test('asks again for what a broken line or a busy provider kept back', async () => {
    const asked = new Map<string, number>()
    provider = (request, response) => {
      const what = `${request.url} ${request.headers.range}`
      const times = (asked.get(what) ?? 0) + 1
      asked.set(what, times)
      if (times === 1) return void request.socket.destroy()
      if (times === 2) return void response.writeHead(503).end('{"error":"busy"}')
      honest(request, response)
    }
    expect((await download()).equals(bytes)).toBe(true)
  })

  test('attack, a file of another root: its manifest is refused before a chunk is asked for', async () => {
    let chunks = 0
    provider = (request, response) => {
      if (!request.url?.endsWith('/manifest')) chunks += 1
      response.end(encodeManifest({ ...manifest, chunkHashes: chunkHashes.toReversed() }))
    }
    await expect(download()).rejects.toThrow('is not the file of the root')
    expect(chunks).toBe(0)
  })

  test('attack, a chunk that is altered, cut, or another one: it is not handed out', async () => {
    const wrong: readonly Uint8Array[] = [
      new Uint8Array(chunkBytes),
      bytes.subarray(0, chunkBytes - 1),
      bytes.subarray(chunkBytes, 2 * chunkBytes),
    ]
    for (const sent of wrong) {
      provider = (request, response) => {
        if (request.url?.endsWith('/manifest')) honest(request, response)
        else response.writeHead(206).end(sent)
      }
      await expect(download()).rejects.toThrow('was altered')
    }
  })

  test('attack, an answer without end: no more is read than was asked for', async () => {
    const flood = (response: ServerResponse): void => {
      const more = (): void => {
        while (response.writable && response.write(new Uint8Array(65_536)));
        response.once('drain', more)
      }
      more()
    }
    provider = (request, response) => {
      if (request.url?.endsWith('/manifest')) honest(request, response)
      else flood(response)
    }
    await expect(download()).rejects.toThrow('sends more than the 4096 bytes')
    provider = (_, response) => flood(response)
    await expect(download()).rejects.toThrow('sends more than')
  })

  test('attack, a redirect: what was signed for this provider is shown to no other', async () => {
    const seen: string[] = []
    provider = (request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(302, { location: `${url}/elsewhere` }).end()
    }
    await expect(download()).rejects.toThrow('sends on to another address')
    expect(seen).not.toContain('/elsewhere')
  })

  test('says in the provider’s own words why it was refused', async () => {
    provider = (_, response) => void response.writeHead(403).end('{"error":"0x11 holds no right"}')
    await expect(download()).rejects.toThrow('The provider answers 403: 0x11 holds no right.')
  })
})
