// A provider that runs trainings in the machines of leases, which are plain processes here, on the stage of files.
import { join } from 'node:path'
import { createKeySender } from '@worldland-aa/provider/chain/keySender'
import { chooseDriver } from '@worldland-aa/provider/machines/chooseDriver'
import type { MachineDriver } from '@worldland-aa/provider/machines/machineDriver'
import { composeTraining, type Training } from '@worldland-aa/provider/training/composeTraining'
import { createRunBook, type RunBook } from '@worldland-aa/provider/training/runBook'
import { createStatementDesk, type StatementDesk } from '@worldland-aa/provider/training/statementDesk'
import type { TypedDataSigner } from '@worldland-aa/sdk/account/typedDataSigner'
import { type Training as Remote, startTraining, waitForTraining } from '@worldland-aa/sdk/serving/training'
import { type UploadFileReturnType, uploadFile } from '@worldland-aa/sdk/serving/uploadFile'
import { createLogger } from '@worldland-aa/service/logger'
import { privateKeyToAccount } from 'viem/accounts'
import { type FilesStage, startFilesStage } from './filesStage.ts'
import { anvilKey } from './keys.ts'
import { trainingConfig, trainingData, trainingScript } from './trainingScript.ts'

export type TrainingStage = FilesStage & {
  readonly driver: MachineDriver
  readonly training: Training
  /** Where another account than the stage's provider states what the book holds. */
  deskOf(signer: TypedDataSigner): { readonly desk: StatementDesk; readonly book: RunBook }
  /** A lease that is ready, with its machine. */
  rentMachine(): Promise<RentedMachine>
  /** By the payer, for a lease. */
  upload(leaseId: bigint, name: string, source: Uint8Array | string): Promise<UploadFileReturnType>
  uploadInputs(leaseId: bigint, script?: string): Promise<TrainingInputs>
  /** In a machine of its own; `ended` fails where the training does. */
  runScript(
    script: string,
    more?: { readonly mostSeconds?: number },
  ): Promise<RentedMachine & { readonly id: string; readonly ended: Promise<Remote> }>
}

type RentedMachine = { readonly leaseId: bigint; readonly workspace: string }

export type TrainingInputs = {
  readonly dataset: UploadFileReturnType
  readonly code: UploadFileReturnType
  readonly config: UploadFileReturnType
}

export const inputChunkBytes = 8_192
export const trainingCommand = ['python3', 'code/train.py']

const machineKeyOf = (leaseId: bigint): string => `lease-${leaseId}`

/** Machines are plain processes, unless another driver is given with the image of its machines. */
export async function startTrainingStage(options: {
  readonly folder: string
  readonly containers?: { readonly driver: MachineDriver; readonly image: string }
}): Promise<TrainingStage> {
  const { folder, containers } = options
  const logger = createLogger({ name: 'training stage', level: 'silent' })
  const driver = containers?.driver ?? (await processDriver(folder))
  let training: Training | undefined
  const stage = await startFilesStage({
    folder,
    async moreGroups({ files, store, contracts, chain, provider, url, database, commits, head }) {
      training = composeTraining({
        ...{ database, commits, files, store, driver, machineKeyOf, contracts, logger },
        ...{ client: chain.client, chainId: 103, signer: provider.account, records: true },
        sender: createKeySender({
          client: chain.client,
          account: privateKeyToAccount(anvilKey(1)),
          chainId: 103,
          head,
          logger,
        }),
        ...{ mostOutputBytes: 10_000_000, confirmationBlocks: 12, publicUrl: () => url },
        clock: { now: () => Date.now() },
      })
      await training.part.start()
      return [training.group]
    },
  })
  if (training === undefined) throw new Error('The stage has no trainings')
  const made = training
  async function rentMachine(): Promise<RentedMachine> {
    const leaseId = await stage.rent({ access: '0x01' })
    await stage.caughtUp()
    const spec = { owner: 'lease', environment: {}, ports: [], gpus: [] } as const
    const image = containers?.image
    const started = await driver.start({ ...spec, image, isImageListed: true, key: machineKeyOf(leaseId) })
    if (!started.ok) throw new Error(started.refusal.message)
    return { leaseId, workspace: started.value.workspace }
  }
  const upload: TrainingStage['upload'] = (leaseId, name, source) =>
    uploadFile({
      ...stage.holder(stage.payer, leaseId),
      source: typeof source === 'string' ? Buffer.from(source) : source,
      ...{ name, chunkBytes: inputChunkBytes },
    })
  const uploadInputs = async (leaseId: bigint, script = trainingScript): Promise<TrainingInputs> => ({
    dataset: await upload(leaseId, 'train.csv', trainingData),
    code: await upload(leaseId, 'train.py', script),
    config: await upload(leaseId, 'config.json', trainingConfig),
  })
  return {
    ...stage,
    ...{ driver, training, rentMachine, upload, uploadInputs },
    deskOf(signer) {
      const { database, commits, chain, contracts, files, url } = stage
      const book = createRunBook({ database, commits })
      const shared = { client: chain.client, contracts, chainId: 103, signer, book, files: files.book }
      return { book, desk: createStatementDesk({ ...shared, records: false, publicUrl: () => url }) }
    },
    async runScript(script, more = {}) {
      const rented = await rentMachine()
      const { leaseId } = rented
      const { dataset, code, config } = await uploadInputs(leaseId, script)
      const holder = { ...stage.holder(stage.payer, leaseId), leaseId }
      const given = {
        dataset: dataset.id,
        code: code.id,
        config: config.id,
        command: trainingCommand,
        ...more,
      }
      const { id } = await startTraining({ ...holder, training: given })
      const ended = waitForTraining({ ...holder, trainingId: id })
      // Whoever looks later is told as well.
      ended.catch(() => undefined)
      return { ...rented, id, ended }
    },
    async stop() {
      await made.part.stop()
      for (const { key } of await driver.list()) await driver.wipe(key)
      await driver.close()
      await stage.stop()
    },
  }
}

async function processDriver(folder: string): Promise<MachineDriver> {
  const chosen = await chooseDriver({
    ...{ wanted: 'process', dataFolder: folder, provider: '0x' },
    ...{ engineSocket: undefined, defaultImage: undefined, diskReserveGiB: 0, imageIdleHours: 0 },
    logger: createLogger({ name: 'machines', level: 'silent' }),
  })
  if (!chosen.ok) throw new Error(chosen.refusal.message)
  return chosen.value
}

export function providerKeyPath(folder: string): string {
  return join(folder, 'provider.key')
}
