// Who brings something, as far as quotas and penalties go: a bundler of the registry is itself, strangers are their address.

export type GossipSource = {
  /** libp2p's peer id. */
  readonly peer: string
  /** Whose share it takes: `turns` and quotas count by it. */
  readonly caller: string
  readonly bundlerId: number | undefined
  /** In the registry, or named by the operator. */
  readonly isTrusted: boolean
}
