// What a provider states of a training, and what it does not: by its own account, of what really ran, of files that are files.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSignatureOf } from '@worldland-aa/sdk/account/isSignatureOf'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { countersignTraining } from '@worldland-aa/sdk/actions/provenance/countersignTraining'
import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
import { startTraining, stateTraining, waitForTraining } from '@worldland-aa/sdk/serving/training'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trainingScript } from '../support/trainingScript.ts'
import {
  providerKeyPath,
  startTrainingStage,
  type TrainingStage,
  trainingCommand,
} from '../support/trainingStage.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: TrainingStage
beforeAll(async () => {
  stage = await startTrainingStage({ folder })
  await writeFile(providerKeyPath(folder), generatePrivateKey(), { mode: 0o600 })
})
afterAll(() => stage?.stop())

describe('a statement', () => {
  const stateAgain = async () => {
    const { ended, id: trainingId, leaseId: lease } = await stage.runScript(trainingScript)
    await ended
    return { ...stage.holder(stage.payer, lease), leaseId: lease, trainingId, imageless: true }
  }
  const recordOf = (recordId: Hex) =>
    getTrainingRecord(stage.chain.client, { contracts: stage.contracts, recordId }).catch(() => undefined)
  const nextBlock = async () => {
    await stage.caughtUp()
    await stage.training.recorder.look(stage.head().number)
    await stage.chain.anvil.mine({ blocks: 1 })
  }

  test('that the provider is asked to record is on the chain again after a reorg took it back', async () => {
    const { recordId } = await stateTraining({ ...(await stateAgain()), recordedBy: 'provider' })
    // So that the reorg takes back the record, and not the lease.
    await stage.chain.anvil.mine({ blocks: 10 })
    await expect
      .poll(() => nextBlock().then(() => recordOf(recordId)))
      .toMatchObject({ providerStance: 'signed' })
    await stage.chain.whilePaused(() => stage.chain.reorg(4))
    await stage.chain.anvil.setAutomine(true)
    await expect
      .poll(() => nextBlock().then(() => recordOf(recordId)))
      .toMatchObject({ providerStance: 'signed' })
    const calls = countersignTraining.calls({ contracts: stage.contracts, recordId, party: 'payer' })
    await stage.send(stage.payer, calls)
    expect((await recordOf(recordId))?.isSignedByBoth).toBe(true)
  })

  test('of a provider that is a smart account is signed by ERC-1271, once the account is there', async () => {
    const { leaseId: lease, trainingId } = await stateAgain()
    const { chain, contracts } = stage
    const owner = privateKeyToAccount(generatePrivateKey())
    const account = await toComputeAccount({ client: chain.client, contracts, owner })
    const { desk, book } = stage.deskOf(account)
    const agreement = {
      market: contracts.instanceLease,
      agreementId: lease,
      payer: stage.payer.account.address,
    }
    const run = await book.find(agreement, trainingId)
    if (run === undefined) throw new Error('The training is not in the book')
    const wanted = { added: [], isImageless: true, recordedBy: 'payer' } as const
    expect(await desk.state(agreement, run, wanted)).toMatchObject({ ok: false, refusal: { status: 503 } })
    const { factory, factoryData } = await account.getFactoryArgs()
    await stage.send(chain.faucet, [{ to: factory ?? '0x', data: factoryData ?? '0x', value: 0n }])
    const signed = await desk.state(agreement, run, wanted)
    if (!signed.ok) throw new Error(signed.refusal.message)
    const { recordId: hash, providerSignature: signature } = signed.value
    expect(await isSignatureOf(chain.client, { signer: account.address, hash, signature })).toBe(true)
  })
})

describe('what is not stated', () => {
  test('attack, a symlink in /workspace/out that points to the provider’s key: the run fails by its name, and nothing is kept', async () => {
    const { ended, leaseId: lease } = await stage.runScript(
      `import os\nos.makedirs('out', exist_ok=True)\nos.symlink(${JSON.stringify(providerKeyPath(folder))}, 'out/weights.json')\n`,
    )
    await expect(ended).rejects.toThrow('out/weights.json is a symbolic link')
    const files = await stage.files.book.ofAgreement({
      market: stage.contracts.instanceLease,
      agreementId: lease,
    })
    expect(files.map(({ name }) => name).sort()).toEqual(['config.json', 'train.csv', 'train.py'])
  })

  test('attack, a folder of inputs that is a link: nothing is written where it leads', async () => {
    const rented = await stage.rentMachine()
    const session = await stage.driver.open(`lease-${rented.leaseId}`, {
      command: ['ln', '-s', folder, 'code'],
    })
    if (!session.ok) throw new Error(session.refusal.message)
    expect(await session.value.ended).toBe(0)
    const { dataset, code } = await stage.uploadInputs(rented.leaseId)
    const holder = { ...stage.holder(stage.payer, rented.leaseId), ...rented }
    const { id } = await startTraining({
      ...holder,
      training: { dataset: dataset.id, code: code.id, command: trainingCommand },
    })
    await expect(waitForTraining({ ...holder, trainingId: id })).rejects.toThrow('symbolic link')
    await expect(readFile(join(folder, 'train.py'))).rejects.toThrow('ENOENT')
  })

  test('is a training that changes its own code or data while it runs', async () => {
    const { ended } = await stage.runScript(`${trainingScript}\nopen('data/train.csv', 'a').write('1,1,1')\n`)
    await expect(ended).rejects.toThrow('data/train.csv is no longer what was given')
  })

  test('is a training that fails, that leaves nothing, or that does not end in its time', async () => {
    await expect((await stage.runScript('raise SystemExit("no GPU")')).ended).rejects.toThrow(
      /ended with 1.*no GPU/s,
    )
    await expect((await stage.runScript('pass')).ended).rejects.toThrow('left no file in out')
    await expect((await stage.runScript('while True: pass', { mostSeconds: 1 })).ended).rejects.toThrow(
      'within its 1 seconds',
    )
  })

  test('is what somebody without a right asks for, or somebody else’s files', async () => {
    const mine = await stage.rentMachine()
    const { leaseId } = mine
    const { dataset, code } = await stage.uploadInputs(leaseId)
    const given = { dataset: dataset.id, code: code.id, command: trainingCommand }
    const stranger = { ...stage.holder(stage.stranger, leaseId), leaseId, training: given }
    await expect(startTraining(stranger)).rejects.toThrow('holds no right')
    const other = await stage.rentMachine()
    const holder = { ...stage.holder(stage.payer, other.leaseId), ...other }
    const { id } = await startTraining({ ...holder, training: given })
    await expect(waitForTraining({ ...holder, trainingId: id })).rejects.toThrow(
      'no finished file of this lease',
    )
  })
})
