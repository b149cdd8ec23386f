// The bundler's data file from a backup: backed up while it runs, killed, its files deleted, and every question that was
// answered before is answered the same.
import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Hash } from 'viem'
import { expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { chaosStage } from '../support/chaosStage.ts'
import { eventually } from '../support/eventually.ts'
import { resultOf } from '../support/rpc.ts'

const stage = chaosStage({ accounts: 8 })

function command(...args: readonly string[]): Promise<{ code: number; said: string }> {
  const main = join(workspaceRoot, 'bundler/packed/main.js')
  const dataFile = join(stage.folder, 'bundler.sqlite')
  return new Promise(resolve => {
    execFile(process.execPath, [main, ...args, '--data-file', dataFile], (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), said: out + err }),
    )
  })
}

/** Whatever a client may ask of an operation that has landed; but for its depth, which grows. */
async function answersTo(hashes: readonly Hash[]): Promise<readonly unknown[]> {
  const { url } = stage.bundler
  return await Promise.all(
    hashes.map(async hash => {
      const { status, transactionHash } = await stage.statusOf(hash)
      return {
        status,
        transactionHash,
        receipt: await resultOf(url, 'eth_getUserOperationReceipt', hash),
        operation: await resultOf(url, 'eth_getUserOperationByHash', hash),
      }
    }),
  )
}

async function included(hashes: readonly Hash[]): Promise<void> {
  await eventually(
    'every operation being included',
    () => Promise.all(hashes.map(hash => stage.statusOf(hash))),
    seen => seen.every(({ status }) => status === 'included'),
  )
}

async function loseEverything(): Promise<void> {
  await stage.killBundler()
  for (const name of readdirSync(stage.folder)) {
    if (name.startsWith('bundler.sqlite')) rmSync(join(stage.folder, name))
  }
}

it('answers the same of what landed before the backup, after it, and of what was under way', async () => {
  await stage.startBundler()
  const before = await stage.send(await stage.crowd.sign(4))
  await included(before)
  await stage.chain.mineEvery(0)
  const underWay = await stage.send(await stage.crowd.sign(4))
  await stage.allSubmitted(underWay)
  const backup = join(stage.folder, 'backup')
  expect(await command('backup', backup)).toMatchObject({
    code: 0,
    said: expect.stringContaining('4 operations that had not landed'),
  })
  expect(await command('restore', backup)).toMatchObject({ code: 69 })
  await stage.chain.mineEvery(1)
  const after = await stage.send(await stage.crowd.sign(4))
  const all = [...before, ...underWay, ...after]
  await included(all)
  const answers = await answersTo(all)

  await loseEverything()
  expect(await command('restore', backup, '--rpc-url', stage.chain.rpcUrl)).toMatchObject({ code: 0 })
  await stage.startBundler()
  await included(all)
  expect(await answersTo(all)).toEqual(answers)
  const anew = await stage.send(await stage.crowd.sign(4))
  await stage.expectAllLandOnce([...all, ...anew])
})

it('lands what was acknowledged before the backup, though the node has forgotten its transaction', async () => {
  await stage.startBundler()
  await stage.chain.mineEvery(0)
  const hashes = await stage.send(await stage.crowd.sign(6))
  await stage.allSubmitted(hashes)
  const backup = join(stage.folder, 'backup')
  expect((await command('backup', backup)).code).toBe(0)
  await loseEverything()
  await stage.chain.anvil.request({ method: 'anvil_dropAllTransactions', params: [] } as never)
  expect((await command('restore', backup)).code).toBe(0)
  await stage.startBundler()
  await stage.chain.mineEvery(1)
  await stage.expectAllLandOnce(hashes)
})

it('refuses the data file of another chain', async () => {
  await stage.startBundler()
  const backup = join(stage.folder, 'backup')
  await command('backup', backup)
  await stage.killBundler()
  await stage.chain.anvil.request({ method: 'anvil_setChainId', params: [104] } as never)
  expect(await command('restore', backup, '--rpc-url', stage.chain.rpcUrl)).toMatchObject({
    code: 1,
    said: expect.stringContaining('the node is of chain'),
  })
  await expect(stage.startBundler()).rejects.toThrow('ended with 78')
})
