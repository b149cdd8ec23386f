import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deploy } from '../../testing/priceContracts.ts'
import { stranger } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { checkTokens } from './checkTokens.ts'

let chain: Chain
beforeAll(async () => {
  chain = await startChain({ depositWei: 0n, stakeWei: 0n })
})
afterAll(() => chain?.stop())

it('says what each source tells, before the service starts', async () => {
  const coin = await deploy(chain, 'PlainToken', 6)
  const feed = await deploy(chain, 'PriceFeed', 8, 250_000_000n)
  const file = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens.json')
  const common = { client: chain.client, chainId: 103, file, allowPrivateNetworks: false }
  const source = { kind: 'chainlinkFeed', quotes: 'tokenPerNative', maxAgeSeconds: 60 }
  const tokens = [
    {
      address: coin.address,
      markupBps: 1,
      sources: [
        { ...source, feed: feed.address },
        { ...source, feed: stranger },
      ],
    },
    { address: stranger, markupBps: 1, sources: [{ ...source, feed: feed.address }] },
  ]
  writeFileSync(file, JSON.stringify({ tokens }))
  const lines = await checkTokens(common)
  expect(lines).toMatchObject([{ subject: `token ${coin.address}` }, { subject: `token ${stranger}` }])
  expect(lines[0]?.says).toMatch(
    /^TUSD, 6 decimals; chainlinkFeed: 2\.5 for one coin, 0 seconds old; chainlinkFeed: /,
  )
  expect(lines[0]?.says).toContain(`The price feed ${stranger} of TUSD could not be read`)
  expect(lines[1]?.says).toBe(`is not taken: ${stranger} is no contract on this chain`)

  writeFileSync(file, '{}')
  expect(await checkTokens(common)).toMatchObject([{ subject: 'tokens', isObstacle: true }])
  expect(await checkTokens({ ...common, file: undefined })).toEqual([])
})
