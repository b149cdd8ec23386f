// The service is killed between an answer and the disk: what was decided is lost, but nothing that cost a wei is.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OperationDetail, OperationList } from '../admin/operations/schema.ts'
import { startHouse } from '../admin/testing/startHouse.ts'
import { landOperation } from '../testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'

let chain: Chain
const children: ChildProcess[] = []
beforeAll(async () => {
  chain = await startChain()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await chain?.stop()
})

const operations = 4

it('shows what landed after a kill from the ledger, to the wei, and says that its rules are lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'))
  const policies = join(folder, 'policies.json')
  writeFileSync(policies, JSON.stringify({ policies: [welcomePolicy(chain)] }))
  const dataFile = join(folder, 'ledger.sqlite')
  const service = await startProcess(dataFile, policies)
  const accounts: SmartAccount[] = []
  while (accounts.length < operations) accounts.push(await newAccount(chain))
  const prepared = await Promise.all(
    accounts.map(account =>
      viemClient(chain, service.url, account, 'client').prepareUserOperation({
        calls: [transferCall(chain)],
        ...gas,
        ...fees,
      }),
    ),
  )
  await service.kill()
  const costs: bigint[] = []
  for (const [index, account] of accounts.entries()) {
    const { costWei } = await landOperation(chain, account, prepared[index] as object)
    costs.push(costWei)
  }

  const house = await startHouse(chain, { dataFile, policies })
  try {
    const viewer = await house.signIn('viewer')
    const listed = async () => (await viewer.ask<OperationList>('GET', '/operations')).body.items
    const landed = async () => (await listed()).filter(({ actualCostWei }) => actualCostWei !== null)
    await expect.poll(landed).toHaveLength(operations)
    const items = await listed()
    const costOf = (address: string) => items.find(({ sender }) => sender === address)?.actualCostWei
    expect(accounts.map(({ address }) => costOf(address))).toEqual(costs.map(String))
    expect(items.map(({ mode, policyId }) => `${mode} ${policyId}`)).toEqual(
      accounts.map(() => 'sponsor welcome'),
    )
    const details = await Promise.all(
      items.map(({ id }) => viewer.ask<OperationDetail>('GET', `/operations/${id}`)),
    )
    // Some may have been written before the kill.
    const lost = details.filter(({ body }) => body.decision === null)
    expect(lost).not.toEqual([])
    for (const { body } of lost) expect(body.decisionNote).toContain('Only the ledger’s row is left')
  } finally {
    await house.stop()
  }
})

async function startProcess(dataFile: string, policies: string) {
  const main = createRequire(import.meta.url).resolve('@worldland-aa/paymaster/main')
  const flags = [
    ...['--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--policies', policies],
    ...['--port', '0', '--data-file', dataFile, '--poll-milliseconds', '50'],
  ]
  const child = spawn(process.execPath, [main, 'start', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
    env: { ...process.env, WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey },
  })
  children.push(child)
  const ended = new Promise(resolve => child.once('close', resolve))
  const said: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', line => {
      said.push(line)
      const found = /"url":"(http:[^"]+)".*"serving"/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error(said.join('\n'))))
  })
  return {
    url,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
