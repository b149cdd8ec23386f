// Files in a bucket of S3, or of whatever speaks as it does (R2, MinIO, Ceph, …).
import { segmentsOf } from '@worldland-aa/sdk/serving/byteSource'
import { Outage } from '@worldland-aa/service/outage'
import { exactly, type FileStore, requireFileId } from '../fileStore.ts'
import { partBytesFor, uploadInParts } from './multipartUpload.ts'
import { createS3Bucket, type S3Settings } from './s3Bucket.ts'

export function createS3Store(settings: S3Settings): FileStore {
  const bucket = createS3Bucket(settings)

  async function* partsOf(sizeBytes: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const partBytes = partBytesFor(sizeBytes)
    for await (const segment of segmentsOf(exactly(sizeBytes, bytes), {
      first: partBytes,
      next: partBytes,
    })) {
      yield segment.bytes
    }
  }

  return {
    name: 's3',
    async put({ id, sizeBytes, bytes }) {
      const name = requireFileId(id)
      if (sizeBytes > partBytesFor(sizeBytes)) {
        await uploadInParts(bucket, name, partsOf(sizeBytes, bytes))
        return name
      }
      for await (const body of partsOf(sizeBytes, bytes)) {
        await bucket.ask({ method: 'PUT', name, body }, [200])
      }
      return name
    },
    async *read(reference, { first, last }) {
      const name = requireFileId(reference)
      const headers = { range: `bytes=${first}-${last}` }
      const response = await bucket.ask({ method: 'GET', name, headers }, [206])
      const range = response.headers.get('content-range') ?? ''
      if (!range.startsWith(`bytes ${first}-${last}/`) || response.body === null) {
        throw new Outage('The provider’s storage gave other bytes', `The bucket gave ${range.slice(0, 100)}`)
      }
      yield* exactly(last - first + 1, response.body as AsyncIterable<Uint8Array>)
    },
    async stat(reference) {
      const response = await bucket.ask({ method: 'HEAD', name: requireFileId(reference) }, [200, 404])
      if (response.status === 404) return undefined
      return { sizeBytes: Number(response.headers.get('content-length')) }
    },
    async delete(reference) {
      await bucket.ask({ method: 'DELETE', name: requireFileId(reference) }, [204, 404])
    },
  }
}
