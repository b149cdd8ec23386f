// What this node answers to each request.
import type { Connection } from '@libp2p/interface'
import { type Hash, zeroHash } from 'viem'
import type { ValidatedOperation } from '../../../validation/validatedOperation.ts'
import { encodePromise } from '../codec/announcementCodec.ts'
import { Bytes32, HashesPage, HashesRequest, Metadata, Number64, Status } from '../codec/containers.ts'
import { type Decoded, decoded, malformed } from '../codec/decoded.ts'
import type { OperationCodec, VerifiedOperation } from '../codec/operationCodec.ts'
import { deserialize, toBytes, toHex } from '../codec/serialize.ts'
import type { GossipOptions } from '../gossipOptions.ts'
import { wireLimits } from '../limits.ts'
import { mempoolIdsOf } from '../mempools/mempoolIdsOf.ts'
import type { SignedInclusionPromise } from '../messages.ts'
import type { RequestHandlers } from './server.ts'

/** Answers to one request hold no more, so that a request costs little whatever it asks for. */
const mostOperations = 256

export type StatusValue = { readonly chainId: bigint; readonly blockHash: Hash; readonly blockNumber: bigint }

export function encodeStatus({ chainId, head }: Pick<GossipOptions, 'chainId' | 'head'>): Uint8Array {
  const { hash, number } = head()
  return Status.serialize({ chainId: BigInt(chainId), blockHash: toBytes(hash), blockNumber: number })
}

export function decodeStatus(bytes: Uint8Array): Decoded<StatusValue> {
  const read = deserialize(Status, bytes)
  return read.ok ? decoded({ ...read.value, blockHash: toHex(read.value.blockHash) }) : read
}

export function createHandlers(
  options: Pick<GossipOptions, 'chainId' | 'head' | 'mempools' | 'knownHashes' | 'operationsOf'> & {
    readonly codec: OperationCodec
    /** Ids of the mempools that a peer has said to serve; the canonical one until it has. */
    servedBy(peer: string): readonly string[]
    /** The peer has told its status, or goes. */
    onStatus(status: StatusValue, connection: Connection): void
    onGoodbye(reason: bigint, connection: Connection): void
    /** Takes the operation in as if it were gossiped, and answers what this node promises of it. */
    promiseOn(
      operation: VerifiedOperation,
      connection: Connection,
    ): Promise<SignedInclusionPromise | undefined>
  },
): RequestHandlers {
  const { codec } = options
  const sequenceNumber = 1n
  const metadata = Metadata.serialize({
    seqNumber: sequenceNumber,
    supportedMempools: options.mempools.map(({ id }) => Buffer.from(id, 'utf8')),
  })

  /** ERC-7562 [ALT-010] Of these, what the peer's mempools take: another would hold it against this node. */
  function meantFor(connection: Connection, operations: readonly ValidatedOperation[]) {
    const theirs = options.servedBy(connection.remotePeer.toString())
    return operations.filter(validated =>
      mempoolIdsOf(options.mempools, validated).some(id => theirs.includes(id)),
    )
  }

  return {
    status(content, connection) {
      const status = decodeStatus(content)
      if (!status.ok) return status
      options.onStatus(status.value, connection)
      return decoded(encodeStatus(options))
    },
    goodbye(content, connection) {
      const reason = deserialize(Number64, content)
      if (!reason.ok) return reason
      options.onGoodbye(reason.value, connection)
      return decoded(content)
    },
    ping(content) {
      const sequence = deserialize(Number64, content)
      return sequence.ok ? decoded(Number64.serialize(sequenceNumber)) : sequence
    },
    metadata: content => (content.length === 0 ? decoded(metadata) : malformed('the request has content')),
    pooled_user_op_hashes(content, connection) {
      const cursor = deserialize(Bytes32, content)
      if (!cursor.ok) return cursor
      const after = toHex(cursor.value)
      const page = options.knownHashes(after === zeroHash ? undefined : after, wireLimits.hashesPerRequest)
      return decoded(
        HashesPage.serialize({
          hashes: meantFor(connection, options.operationsOf(page.hashes)).map(({ userOperationHash }) =>
            toBytes(userOperationHash),
          ),
          nextCursor: toBytes(page.next ?? zeroHash),
        }),
      )
    },
    pooled_user_ops_by_hash(content, connection) {
      const hashes = deserialize(HashesRequest, content)
      if (!hashes.ok) return hashes
      const asked = hashes.value.slice(0, mostOperations).map(toHex)
      return decoded(encodeWithin(codec, meantFor(connection, options.operationsOf(asked))))
    },
    async inclusion_promise(content, connection) {
      const operation = codec.decode(content)
      if (!operation.ok) return operation
      const promise = await options.promiseOn(operation.value, connection)
      return decoded(promise === undefined ? new Uint8Array() : encodePromise(promise))
    },
  }
}

/** As many as one answer may hold; the asker asks again for the rest. */
function encodeWithin(
  codec: OperationCodec,
  operations: ReturnType<GossipOptions['operationsOf']>,
): Uint8Array {
  const fitting = []
  let bytes = 0
  for (const { userOperation, verifiedAt } of operations) {
    const operation = { userOperation, verifiedAt: verifiedAt.hash }
    // Four for its offset in the list.
    bytes += codec.encode(operation).length + 4
    if (bytes > wireLimits.messageBytes) break
    fitting.push(operation)
  }
  return codec.encodeList(fitting)
}
