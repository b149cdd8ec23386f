// Topics: one per mempool and kind of message. /account_abstraction/<mempool_id>/<name>/ssz_snappy

/** `user_operation` is the spec's; the others are this suite's own, and nobody else subscribes to them. */
export type TopicName = 'user_operation' | 'bundle_commit' | 'inclusion_promise'

export function topicOf(mempoolId: string, name: TopicName): string {
  return `/account_abstraction/${mempoolId}/${name}/ssz_snappy`
}

export type TopicOwner = { readonly mempoolId: string; readonly name: TopicName }

/** ERC-7562 [ALT-010] What each topic of a node is about. Operations have one for each mempool, the rest is told in the canonical one's. */
export function topicsOf(
  mempools: readonly { id: string; name: string | undefined }[],
): ReadonlyMap<string, TopicOwner> {
  const owners = mempools.flatMap(({ id: mempoolId, name }): TopicOwner[] => [
    { mempoolId, name: 'user_operation' },
    ...(name === undefined
      ? ([
          { mempoolId, name: 'bundle_commit' },
          { mempoolId, name: 'inclusion_promise' },
        ] as const)
      : []),
  ])
  return new Map(owners.map(owner => [topicOf(owner.mempoolId, owner.name), owner]))
}
