// The node goes away and comes back: nothing is dropped, nothing is said twice.
import { describe, expect, it } from 'vitest'
import { type BrittleLink, startBrittleLink } from '../support/brittleLink.ts'
import { startBundler } from '../support/bundler.ts'
import { chaosStage } from '../support/chaosStage.ts'
import { resultOf } from '../support/rpc.ts'

const stage = chaosStage({ accounts: 10 })

async function withLink(test: (link: BrittleLink) => Promise<void>): Promise<void> {
  const link = await startBrittleLink(stage.chain.rpcUrl)
  try {
    await test(link)
  } finally {
    await link.stop()
  }
}

describe('a node that cannot be reached', () => {
  it('delays what waits and what is sent meanwhile, and loses none of it', () =>
    withLink(async link => {
      const { url } = await stage.startBundler({ rpcUrl: link.url })
      await stage.chain.mineEvery(0)
      const waiting = await stage.send(await stage.crowd.sign(10))
      await link.cut()
      const late = stage.send(await stage.crowd.sign(10))
      await stage.chain.mineEvery(1)
      await new Promise(resolve => setTimeout(resolve, 3_000))
      expect(await resultOf(url, 'eth_chainId')).toBe('0x67')
      await link.mend()
      await stage.expectAllLandOnce([...waiting, ...(await late)])
    }))

  it('keeps the bundler from starting, which says why', () =>
    withLink(async link => {
      await link.cut()
      const starting = startBundler({ rpcUrl: link.url, folder: stage.folder })
      await expect(starting).rejects.toThrow('does not answer')
    }))
})
