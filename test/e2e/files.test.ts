// Files at a provider: they come in pieces over lines that break, go to who may read them and to nobody else, and end.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { revokeRight } from '@worldland-aa/sdk/actions/rights/revokeRight'
import { downloadFile } from '@worldland-aa/sdk/serving/downloadFile'
import { createFileAccess } from '@worldland-aa/sdk/serving/fileAccess'
import { encodeManifest, fileRoot } from '@worldland-aa/sdk/serving/fileManifest'
import { createFileLink } from '@worldland-aa/sdk/serving/shareFile'
import { uploadFile } from '@worldland-aa/sdk/serving/uploadFile'
import { keccak256, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { type FilesStage, startFilesStage } from '../support/filesStage.ts'
import { workFolder } from '../support/workFolder.ts'

const chunkBytes = 65_536
const folder = workFolder()
let stage: FilesStage
let leaseId: bigint
beforeAll(async () => {
  stage = await startFilesStage({ folder })
  leaseId = await stage.rent({ access: '0x01' })
  await stage.caughtUp()
})
afterAll(() => stage?.stop())

const upload = (source: Uint8Array, by: DeploymentClient = stage.payer, more = {}) =>
  uploadFile({ ...stage.holder(by, leaseId), source, name: 'data.bin', chunkBytes, ...more })

async function download(by: DeploymentClient, file: { id: string; root: `0x${string}` }, firstChunk = 0) {
  const pieces: Uint8Array[] = []
  const reader = { ...stage.holder(by, leaseId), fileId: file.id, root: file.root, firstChunk }
  for await (const { bytes } of downloadFile(reader)) pieces.push(bytes)
  return Buffer.concat(pieces)
}

/** As a program without the SDK asks. */
async function ask(
  path: string,
  init: RequestInit = {},
  by: DeploymentClient = stage.payer,
): Promise<Response> {
  const authorization = await createFileAccess(stage.holder(by, leaseId)).authorization()
  return await fetch(`${stage.url}${path}`, { ...init, headers: { authorization, ...init.headers } })
}
const open = (sizeBytes: number) =>
  ask('/files', {
    method: 'POST',
    body: JSON.stringify({ market: 'lease', agreementId: `${leaseId}`, name: 'x', sizeBytes, chunkBytes }),
  })
const told = async (response: Response) => ((await response.json()) as { error: string }).error

describe('an upload', () => {
  test('gets the root that its chunks and their order have, and comes back as it was', async () => {
    const bytes = randomBytes(5 * chunkBytes + 17)
    const file = await upload(bytes)
    const chunks = Array.from({ length: 6 }, (_, at) =>
      bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes),
    )
    const manifest = {
      sizeBytes: bytes.length,
      chunkBytes,
      chunkHashes: chunks.map(chunk => keccak256(chunk)),
    }
    expect(file.root).toBe(createDataTree([...chunks, encodeManifest(manifest)]).root)
    expect(file.contentHash).toBe(keccak256(bytes))
    expect((await download(stage.payer, file)).equals(bytes)).toBe(true)
    expect((await download(stage.payer, file, 4)).equals(bytes.subarray(4 * chunkBytes))).toBe(true)
  })

  test('goes on where it broke off, and sends only what is missing', async () => {
    const bytes = randomBytes(4 * chunkBytes)
    const { id } = (await (await open(bytes.length)).json()) as { id: string }
    for (const number of [2, 0]) {
      const body = bytes.subarray(number * chunkBytes, (number + 1) * chunkBytes)
      expect((await ask(`/files/${id}/chunks/${number}`, { method: 'PUT', body })).status).toBe(200)
    }
    expect(await (await ask(`/files/${id}`)).json()).toMatchObject({
      state: 'uploading',
      missing: [
        [1, 1],
        [3, 3],
      ],
    })
    expect((await ask(`/files/${id}/finish`, { method: 'POST' })).status).toBe(409)
    const sent: number[] = []
    const onProgress = ({ sentBytes }: { sentBytes: number }) => sent.push(sentBytes)
    const file = await upload(bytes, stage.payer, { fileId: id, onProgress })
    expect(sent).toEqual([2, 3, 4].map(count => count * chunkBytes))
    expect((await download(stage.payer, file)).equals(bytes)).toBe(true)
  })

  test('of nothing is a file, too', async () => {
    const file = await upload(new Uint8Array())
    expect(file.root).toBe(fileRoot({ sizeBytes: 0, chunkBytes, chunkHashes: [] }))
    expect((await download(stage.payer, file)).length).toBe(0)
  })

  test('attack, a chunk replaced after the root: what has a root takes no chunk, before and after it is whole', async () => {
    const bytes = randomBytes(2 * chunkBytes)
    const file = await upload(bytes)
    const answer = await ask(`/files/${file.id}/chunks/0`, { method: 'PUT', body: randomBytes(chunkBytes) })
    expect(answer.status).toBe(409)
    expect(await told(answer)).toContain('no chunk of it changes any more')
    expect((await download(stage.payer, file)).equals(bytes)).toBe(true)
    // On the provider's own disk, where nobody asks: the root tells.
    const path = join(stage.folder, 'files', 'stored', file.id)
    const stored = await readFile(path)
    stored[chunkBytes] = (stored[chunkBytes] ?? 0) ^ 1
    await writeFile(path, stored)
    await expect(download(stage.payer, file)).rejects.toThrow('Chunk 1 of the file')
  })

  test('whose chunk was damaged on the disk before it was whole is asked for that chunk again', async () => {
    const bytes = randomBytes(3 * chunkBytes)
    const { id } = (await (await open(bytes.length)).json()) as { id: string }
    for (const number of [0, 1, 2]) {
      const body = bytes.subarray(number * chunkBytes, (number + 1) * chunkBytes)
      await ask(`/files/${id}/chunks/${number}`, { method: 'PUT', body })
    }
    const path = join(stage.folder, 'files', 'uploads', id)
    const staged = await readFile(path)
    staged[chunkBytes + 5] = (staged[chunkBytes + 5] ?? 0) ^ 1
    await writeFile(path, staged)
    const answer = await ask(`/files/${id}/finish`, { method: 'POST' })
    expect(await told(answer)).toContain('Chunk 1 was damaged')
    const file = await upload(bytes, stage.payer, { fileId: id })
    expect((await download(stage.payer, file)).equals(bytes)).toBe(true)
  })

  test('attack, an upload that never ends: it is gone when its time is over, however busy it was', async () => {
    const { id } = (await (await open(2 * chunkBytes)).json()) as { id: string }
    await ask(`/files/${id}/chunks/0`, { method: 'PUT', body: randomBytes(chunkBytes) })
    stage.clock.aheadMilliseconds = 3_601_000
    await stage.files.part.sweep()
    stage.clock.aheadMilliseconds = 0
    expect((await ask(`/files/${id}`)).status).toBe(404)
    await expect(readFile(join(stage.folder, 'files', 'uploads', id))).rejects.toThrow('ENOENT')
  })

  test('beyond what the lease may fill, or by too many at once, is refused before a byte comes', async () => {
    expect((await open(65 * 1_048_576)).status).toBe(413)
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(10)))
    expect(opened.filter(({ status }) => status === 413).length).toBeGreaterThanOrEqual(4)
    const ids = await Promise.all(
      opened.filter(({ ok }) => ok).map(answer => answer.json() as Promise<{ id: string }>),
    )
    for (const { id } of ids) expect((await ask(`/files/${id}`, { method: 'DELETE' })).status).toBe(204)
  })

  test.each([
    [{ sizeBytes: -1 }, 'sizeBytes'],
    [{ sizeBytes: 2 ** 60 }, 'sizeBytes'],
    [{ chunkBytes: 1 }, 'chunkBytes'],
    [{ sizeBytes: 2 ** 39 }, 'at most 65536 chunks'],
    [{ name: '../../provider.sqlite' }, 'without /'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ agreementId: 'x' }, 'agreementId'],
    [{ market: '0x00' }, '"lease" or "session"'],
    [{ more: 1 }, 'more'],
  ])('that asks for %o is told what is wrong', async (wrong, says) => {
    const body = { market: 'lease', agreementId: `${leaseId}`, name: 'x', sizeBytes: 1, chunkBytes, ...wrong }
    const answer = await ask('/files', { method: 'POST', body: JSON.stringify(body) })
    expect(answer.status).toBe(400)
    expect(await told(answer)).toContain(says)
  })
})

describe('a file', () => {
  test('is for holders of a right alone, and not for one whose right was taken back', async () => {
    const file = await upload(randomBytes(chunkBytes))
    await expect(download(stage.stranger, file)).rejects.toThrow('holds no right')
    await expect(upload(randomBytes(10), stage.stranger)).rejects.toThrow('holds no right')
    expect((await fetch(`${stage.url}/files/${file.id}`)).status).toBe(401)
    const rightId = await stage.grant(leaseId, stage.colleague.account.address)
    await stage.caughtUp()
    expect((await ask(`/files/${file.id}`, {}, stage.colleague)).status).toBe(200)
    await stage.send(stage.payer, revokeRight.calls({ contracts: stage.contracts, rightId }))
    await stage.caughtUp()
    await expect(download(stage.colleague, file)).rejects.toThrow('holds no right')
  })

  test('comes by ranges, and again only when it has changed', async () => {
    const bytes = randomBytes(1_000)
    const file = await upload(bytes)
    const part = await ask(`/files/${file.id}/content`, { headers: { range: 'bytes=10-19' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe('bytes 10-19/1000')
    expect(part.headers.get('etag')).toBe(`"${file.root}"`)
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true)
    const known = await ask(`/files/${file.id}/content`, { headers: { 'if-none-match': `"${file.root}"` } })
    expect(known.status).toBe(304)
    const other = { range: 'bytes=0-9', 'if-range': '"another"' }
    expect((await ask(`/files/${file.id}/content`, { headers: other })).status).toBe(200)
  })

  test('attack, a range bomb: a header of many ranges is refused, and costs no byte', async () => {
    const file = await upload(randomBytes(1_000))
    const range = `bytes=${Array.from({ length: 500 }, () => '0-999').join(',')}`
    const answer = await ask(`/files/${file.id}/content`, { headers: { range } })
    expect(answer.status).toBe(416)
    expect(answer.headers.get('content-range')).toBe('bytes */1000')
  })

  test('is still its holder’s when the lease has ended', async () => {
    const ended = await stage.rent({ access: '0x01' })
    await stage.caughtUp()
    const bytes = randomBytes(1_000)
    const holder = stage.holder(stage.payer, ended)
    const { id: fileId, root } = await uploadFile({ ...holder, source: bytes, name: 'result', chunkBytes })
    const { contracts } = stage
    await stage.send(stage.payer, stopLease.calls({ contracts, leaseId: ended, state: 'ready' }))
    await stage.caughtUp()
    const pieces: Uint8Array[] = []
    for await (const chunk of downloadFile({ ...holder, fileId, root })) pieces.push(chunk.bytes)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  })

  test('attack, path traversal: no address leads out of the files', async () => {
    const secrets = [
      '..%2f..%2fprovider.sqlite',
      '%2e%2e/%2e%2e/provider.sqlite',
      '..%5cprovider.sqlite',
      '%00',
    ]
    for (const secret of secrets) {
      for (const path of [`/files/${secret}`, `/files/${secret}/content`, `/files/stored/${secret}`]) {
        expect((await ask(path)).status).toBe(404)
      }
    }
  })

  test('opens by a link without a signature, for its bytes and its time', async () => {
    const bytes = randomBytes(1_000)
    const { id } = await upload(bytes)
    const range = { first: 100, last: 199 }
    const { url } = await createFileLink({
      ...stage.holder(stage.payer, leaseId),
      fileId: id,
      range,
      seconds: 60,
    })
    const part = await fetch(url, { headers: { range: 'bytes=120-129' } })
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(120, 130))).toBe(true)
    expect((await fetch(url)).status).toBe(403)
    expect((await fetch(url, { headers: { range: 'bytes=0-129' } })).status).toBe(403)
    stage.clock.aheadMilliseconds = 61_000
    expect((await fetch(url, { headers: { range: 'bytes=120-129' } })).status).toBe(410)
    stage.clock.aheadMilliseconds = 0
  })

  test('attack, a forged link: another file, another part, a later end, or no signature opens nothing', async () => {
    const [mine, other] = [await upload(randomBytes(1_000)), await upload(randomBytes(1_000))]
    const range = { first: 0, last: 9 }
    const { url } = await createFileLink({ ...stage.holder(stage.payer, leaseId), fileId: mine.id, range })
    const forged = [
      url.replace(mine.id, other.id),
      url.replace('last=9', 'last=999'),
      url.replace(/expires=\d+/, 'expires=99999999999'),
      url.replace(/signature=\w+/, `signature=${'00'.repeat(32)}`),
    ]
    for (const link of forged) expect((await fetch(link)).status).toBe(403)
    expect((await fetch(url.replace(/&signature=\w+/, ''))).status).toBe(401)
  })
})

describe('a lease that a reorganisation took back', () => {
  test('attack, a number that is given anew: the files of whoever had it before stay closed to its next holder', async () => {
    const { chain, contracts, stranger } = stage
    const deposit = { address: contracts.token, abi: computeTokenAbi, functionName: 'depositTo' } as const
    const paid = await chain.faucet.writeContract({
      ...deposit,
      args: [stranger.account.address],
      value: parseEther('5'),
    })
    await chain.faucet.waitForTransactionReceipt({ hash: paid })
    const before = await chain.client.getBlockNumber()
    const lost = await stage.rent({ access: '0x01' })
    await stage.caughtUp()
    const holder = stage.holder(stage.payer, lost)
    const { id: fileId, root } = await uploadFile({
      ...holder,
      source: randomBytes(100),
      name: 'secret',
      chunkBytes,
    })
    await chain.reorg(Number((await chain.client.getBlockNumber()) - before))
    const price = { seconds: 600, maximumPricePerSecondWei: parseEther('0.0001'), gasAllowanceWei: undefined }
    const terms = { contracts, offerId: 1n, sealedRequest: '0x', ...price } as const
    await stage.send(stranger, rentInstance.calls(terms))
    await stage.caughtUp()
    const next = { ...stage.holder(stranger, lost), fileId, root }
    await expect(downloadFile(next).next()).rejects.toThrow('whose number a reorganisation gave to yours')
  })
})
