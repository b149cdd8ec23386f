// A large file in parts, as S3 takes it: nothing is there before the last part is, and what fails is given back.
import type { S3Bucket } from './s3Bucket.ts'

/** S3 takes from 5 MiB to 5 GiB a part, and 10,000 parts. */
const leastPartBytes = 8 * 1_048_576
const mostParts = 10_000
const mostAnswerCharacters = 65_536

export function partBytesFor(sizeBytes: number): number {
  return Math.max(leastPartBytes, Math.ceil(sizeBytes / mostParts))
}

export async function uploadInParts(
  bucket: S3Bucket,
  name: string,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const begun = await bucket.ask({ method: 'POST', name, query: { uploads: '' } }, [200])
  const uploadId = textIn('UploadId', await answerOf(begun))
  if (uploadId === undefined) throw new Error('The bucket began an upload and did not name it')
  try {
    const tags: string[] = []
    for await (const body of parts) {
      const query = { partNumber: String(tags.length + 1), uploadId }
      const sent = await bucket.ask({ method: 'PUT', name, query, body }, [200])
      await sent.arrayBuffer()
      const tag = sent.headers.get('etag')
      if (tag === null) throw new Error('The bucket took a part and did not name it')
      tags.push(tag)
    }
    const body = `<CompleteMultipartUpload>${tags
      .map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`
    const ended = await bucket.ask({ method: 'POST', name, query: { uploadId }, body }, [200])
    // S3 begins to answer before it is done: a failure may come after a good status.
    const answer = await answerOf(ended)
    const problem = textIn('Code', answer)
    if (problem !== undefined) throw new Error(`The bucket did not put the parts together: ${problem}`)
  } catch (error) {
    await bucket.ask({ method: 'DELETE', name, query: { uploadId } }, [204, 404]).catch(() => undefined)
    throw error
  }
}

async function answerOf(response: Response): Promise<string> {
  return (await response.text()).slice(0, mostAnswerCharacters)
}

function textIn(tag: string, xml: string): string | undefined {
  return new RegExp(`<${tag}>([^<]{1,1024})</${tag}>`).exec(xml)?.[1]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
