// One bucket of an S3-compatible service: signed requests, bounded in time, whose failures are outages without secrets.
import { createHash } from 'node:crypto'
import { Outage } from '@worldland-aa/service/outage'
import { AwsClient } from 'aws4fetch'

export type S3Settings = {
  /** `https://s3.ap-northeast-2.amazonaws.com`, `https://ACCOUNT.r2.cloudflarestorage.com`, … */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Before each name; may be empty. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly name: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export type S3Bucket = {
  /** Answers with one of the `expected` statuses; throws an outage else. */
  ask(request: S3Request, expected: readonly number[]): Promise<Response>
}

/** For the answer to begin, a part of 16 MiB sent over a slow line. */
const answerMilliseconds = 120_000
const mostReasonCharacters = 300
const retries = 4

export function createS3Bucket(settings: S3Settings): S3Bucket {
  const { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey } = settings
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region, retries })
  const base = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}/${prefix}`

  async function send({ method, name, query = {}, headers = {}, body }: S3Request): Promise<Response> {
    const search = new URLSearchParams(query).toString()
    // The service checks what arrives against it, so that no bit turns on the way.
    const bodyHash = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const started = new AbortController()
    const timer = setTimeout(() => started.abort(), answerMilliseconds)
    try {
      return await client.fetch(`${base}${name}${search === '' ? '' : `?${search}`}`, {
        method,
        headers: { ...headers, 'x-amz-content-sha256': bodyHash },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> | string }),
        // What is signed for one host is shown to no other.
        redirect: 'error',
        signal: started.signal,
      })
    } catch (cause) {
      throw new Outage(notReached, `${method} of the bucket ${bucket} got no answer`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async ask(request, expected) {
      const response = await send(request)
      if (expected.includes(response.status)) return response
      const reason = await reasonIn(response)
      throw new Outage(
        notReached,
        `The bucket ${bucket} answered ${request.method} with ${response.status}${reason}`,
      )
    },
  }
}

const notReached = 'The provider’s storage does not answer: try again later'

/** `<Code>` of S3's XML: it names no secret. */
async function reasonIn(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const first = await reader?.read().catch(() => undefined)
  void reader?.cancel().catch(() => undefined)
  const text = new TextDecoder().decode(first?.value?.subarray(0, 4_096))
  const code = /<Code>([A-Za-z0-9.]{1,64})<\/Code>/.exec(text)?.[1]
  return code === undefined ? '' : `: ${code}`.slice(0, mostReasonCharacters)
}
