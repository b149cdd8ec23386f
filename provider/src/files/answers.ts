// How files, and refusals of them, are told over HTTP.
import type { FileRefusal } from './refusal.ts'
import type { KnownFile } from './storedFile.ts'
import type { MissingChunks } from './uploads.ts'

const noSniffing = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', ...noSniffing },
  })
}

export function refused({ status, message }: FileRefusal): Response {
  const response = json({ error: message }, status)
  if (status === 429 || status === 503) response.headers.set('retry-after', '5')
  if (status === 401) response.headers.set('www-authenticate', 'Worldland')
  return response
}

export function describeFile(file: KnownFile, missing?: MissingChunks): unknown {
  const { id, name, sizeBytes, chunkBytes, state } = file
  const common = {
    ...{ id, name, sizeBytes, chunkBytes, state },
    chunks: Math.ceil(sizeBytes / chunkBytes),
    market: file.market,
    agreementId: file.agreementId.toString(),
    expiresAt: file.expiresAtSeconds,
  }
  if (file.state === 'uploading') return { ...common, missing }
  return {
    ...common,
    root: file.root,
    contentHash: file.contentHash,
    storage: { driver: file.store, reference: file.reference },
    modelId: file.modelId?.toString(),
  }
}

/** Bytes of strangers: a browser saves them and runs none of them. */
export function contentHeaders(file: {
  readonly root: string
  readonly name: string
}): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'accept-ranges': 'bytes',
    etag: `"${file.root}"`,
    ...noSniffing,
  }
}
