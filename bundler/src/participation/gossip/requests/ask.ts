// The requests that this node makes, with their answers read.
import { type Hash, zeroHash } from 'viem'
import { decodePromise } from '../codec/announcementCodec.ts'
import { Bytes32, HashesPage, HashesRequest, Metadata, Number64 } from '../codec/containers.ts'
import { type Decoded, decoded } from '../codec/decoded.ts'
import type { OperationCodec, VerifiedOperation } from '../codec/operationCodec.ts'
import { deserialize, toBytes, toHex } from '../codec/serialize.ts'
import type { SignedInclusionPromise } from '../messages.ts'
import { type Asking, request } from './client.ts'
import { decodeStatus, type StatusValue } from './handlers.ts'
import type { KeptStreams } from './keptStreams.ts'

export async function askStatus(asking: Asking, own: Uint8Array): Promise<Decoded<StatusValue>> {
  const answer = await request(asking, 'status', own)
  return answer.ok ? decodeStatus(answer.value) : answer
}

/** The ids of the mempools that the peer serves. */
export async function askMempools(asking: Asking): Promise<Decoded<readonly string[]>> {
  const answer = await request(asking, 'metadata', new Uint8Array())
  if (!answer.ok) return answer
  const read = deserialize(Metadata, answer.value)
  return read.ok ? decoded(read.value.supportedMempools.map(id => Buffer.from(id).toString('utf8'))) : read
}

export async function sayGoodbye(asking: Asking, reason: bigint): Promise<void> {
  await request(asking, 'goodbye', Number64.serialize(reason))
}

export async function askHashes(
  asking: Asking,
  cursor: Hash | undefined,
): Promise<Decoded<{ readonly hashes: readonly Hash[]; readonly next: Hash | undefined }>> {
  const content = Bytes32.serialize(toBytes(cursor ?? zeroHash))
  const answer = await request(asking, 'pooled_user_op_hashes', content)
  if (!answer.ok) return answer
  const read = deserialize(HashesPage, answer.value)
  if (!read.ok) return read
  const next = toHex(read.value.nextCursor)
  return decoded({ hashes: read.value.hashes.map(toHex), next: next === zeroHash ? undefined : next })
}

export async function askOperations(
  asking: Asking,
  hashes: readonly Hash[],
  codec: OperationCodec,
): Promise<Decoded<readonly Decoded<VerifiedOperation>[]>> {
  const content = HashesRequest.serialize(hashes.map(toBytes))
  const answer = await request(asking, 'pooled_user_ops_by_hash', content)
  return answer.ok ? codec.decodeList(answer.value) : answer
}

/** What the peer promises of this operation, which it takes in for that; undefined: nothing. */
export async function askPromise(
  streams: KeptStreams,
  asking: Asking,
  operation: VerifiedOperation,
  codec: OperationCodec,
): Promise<Decoded<SignedInclusionPromise | undefined>> {
  const answer = await streams.request(asking, codec.encode(operation))
  if (!answer.ok) return answer
  return answer.value.length === 0 ? decoded(undefined) : decodePromise(answer.value)
}
