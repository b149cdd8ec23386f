// web3_clientVersion: [] → name and version of this node.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'

export function web3_clientVersion(version: string): RpcMethod {
  return () => accept(`worldland-bundler/${version}/node-${process.versions.node}`)
}
