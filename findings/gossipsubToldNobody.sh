#!/usr/bin/env bash
# @libp2p/gossipsub 17.1.1 on libp2p 3.3.11: a message published while nobody is subscribed (allowPublishToZeroTopicPeers)
# goes nowhere, and yet counts as seen. Published again once a subscriber is there it is taken for a duplicate: publish
# throws PublishError.Duplicate (or, with ignoreDuplicatePublishError, returns as if sent), and the subscriber never
# hears it. So "publish again later" does not mend what was told too early; something else has to bring it.
# Seen: told nobody 0 recipients, again duplicate, another 1 recipient, heard another
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error libp2p@3.3.11 @libp2p/gossipsub@17.1.1 @libp2p/tcp@11.0.28 \
  @libp2p/noise@17.0.3 @libp2p/yamux@8.0.3 @libp2p/identify@4.1.14 >/dev/null
cat > polyfill.mjs <<'JS'
// Node 20 has no Promise.withResolvers.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((...both) => ([resolve, reject] = both))
  return { promise, resolve, reject }
}
JS
cat > told.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { gossipsub } from '@libp2p/gossipsub'
import { tcp } from '@libp2p/tcp'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { identify } from '@libp2p/identify'

const node = () =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      pubsub: gossipsub({ allowPublishToZeroTopicPeers: true, globalSignaturePolicy: 'StrictNoSign', msgIdFn: ({ data }) => data }),
    },
  })
const bytes = text => new TextEncoder().encode(text)
const [teller, listener] = [await node(), await node()]
const heard = []
listener.services.pubsub.addEventListener('message', ({ detail }) => heard.push(new TextDecoder().decode(detail.data)))
const tell = async text => {
  try {
    const { recipients } = await teller.services.pubsub.publish('topic', bytes(text))
    return `${recipients.length} recipient${recipients.length === 1 ? '' : 's'}`
  } catch (error) {
    return /duplicate/i.test(`${error.message}`) ? 'duplicate' : error.message
  }
}
const early = await tell('early')
listener.services.pubsub.subscribe('topic')
await teller.dial(listener.getMultiaddrs())
while (teller.services.pubsub.getSubscribers('topic').length === 0) await new Promise(resolve => setTimeout(resolve, 100))
const again = await tell('early')
const another = await tell('another')
for (let tries = 0; tries < 100 && heard.length === 0; tries++) await new Promise(resolve => setTimeout(resolve, 100))
await new Promise(resolve => setTimeout(resolve, 1_000))
console.log(`told nobody ${early}, again ${again}, another ${another}, heard ${heard.join(' and ')}`)
await Promise.all([teller.stop(), listener.stop()])
JS
seen=$(timeout 120 node --import ./polyfill.mjs told.mjs)
echo "$seen"
[ "$seen" = 'told nobody 0 recipients, again duplicate, another 1 recipient, heard another' ] || { echo "this has changed" >&2; exit 1; }
