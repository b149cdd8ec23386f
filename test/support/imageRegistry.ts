// A registry of images on the loopback, as far as an engine pulls from it (OCI distribution, Docker's schema 2): images of
// busybox that differ by what they say of themselves, behind a login or open to all.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { packBusybox } from './imageFiles.ts'

export type ImageRegistry = {
  /** `127.0.0.1:…` */
  readonly host: string
  /** Puts an image there, or in the place of the one of that tag; its digest. */
  push(name: string, tag: string, says: string): string
  /** Of layers, since it began. */
  served(): number
  /** Questions of any kind. */
  heard(): number
  /** Layers that somebody is being given right now. */
  underWay(): number
  close(): Promise<void>
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
type Blob = { readonly bytes: Buffer; readonly type: string }

export async function startImageRegistry(
  options: {
    readonly login?: { readonly username: string; readonly password: string }
    /** Its layers come byte by byte, and to no end. */
    readonly trickles?: boolean
  } = {},
): Promise<ImageRegistry> {
  const { login, trickles = false } = options
  const files = packBusybox()
  const archive = readFileSync(files.archive)
  files.remove()
  const layer = gzipSync(archive)
  const blobs = new Map<string, Blob>()
  const tags = new Map<string, string>()
  const wanted = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const layerDigest = keep(layer, 'application/octet-stream')
  let served = 0
  let heard = 0
  const underWay = new Set<ServerResponse>()

  function keep(bytes: Buffer, type: string): string {
    const digest = digestOf(bytes)
    blobs.set(digest, { bytes, type })
    return digest
  }

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    heard += 1
    const [, name = '', reference = ''] =
      /^\/v2\/(.+)\/(?:manifests|blobs)\/([^/]+)$/.exec(incoming.url ?? '') ?? []
    if (wanted !== undefined && incoming.headers.authorization !== wanted) {
      outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="images"' }).end()
      return
    }
    // Where engines ask first whether a login is needed.
    if (incoming.url === '/v2/') {
      outgoing.writeHead(200).end()
      return
    }
    const digest = tags.get(`${name}:${reference}`) ?? reference
    const blob = blobs.get(digest)
    if (blob === undefined) {
      outgoing.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
      return
    }
    if (digest === layerDigest && incoming.method === 'GET') served += 1
    outgoing.writeHead(200, {
      'content-type': blob.type,
      'content-length': blob.bytes.length,
      'docker-content-digest': digest,
    })
    if (trickles && digest === layerDigest && incoming.method === 'GET') trickle(outgoing, blob.bytes)
    else outgoing.end(incoming.method === 'HEAD' ? undefined : blob.bytes)
  }

  function trickle(outgoing: ServerResponse, bytes: Buffer): void {
    let at = 0
    const timer = setInterval(() => outgoing.write(bytes.subarray(at, ++at)), 20)
    underWay.add(outgoing)
    outgoing.once('close', () => {
      clearInterval(timer)
      underWay.delete(outgoing)
    })
  }

  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined

  return {
    host: `127.0.0.1:${port}`,
    push(name, tag, says) {
      const config = Buffer.from(
        JSON.stringify({
          architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
          os: 'linux',
          config: { Cmd: ['/bin/sh', '-c', `echo ${says}; sleep 1000`], Env: ['PATH=/usr/bin:/bin'] },
          rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
        }),
      )
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: manifestType,
          config: {
            mediaType: 'application/vnd.docker.container.image.v1+json',
            size: config.length,
            digest: keep(config, 'application/octet-stream'),
          },
          layers: [
            {
              mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
              size: layer.length,
              digest: layerDigest,
            },
          ],
        }),
      )
      const digest = keep(manifest, manifestType)
      tags.set(`${name}:${tag}`, digest)
      return digest
    },
    served: () => served,
    heard: () => heard,
    underWay: () => underWay.size,
    async close() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
