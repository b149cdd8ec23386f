// What a training is given: files that were uploaded for the lease, put into its machine's workspace by this daemon right
// before the command, and looked at again when it has ended.
import { hashTrainingConfig } from '@worldland-aa/sdk/serving/trainingConfig'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import { createKeccakStream } from '@worldland-aa/service/crypto/keccakStream'
import type { FileBook } from '../files/fileBook.ts'
import type { FileStore } from '../files/fileStore.ts'
import { type Agreement, isSameAgreement, type StoredFile } from '../files/storedFile.ts'
import { NotThere } from '../files/workspace/beneath.ts'
import { placeFile } from '../files/workspace/placeFile.ts'
import { readFileAt } from '../files/workspace/readFileAt.ts'
import type { TrainingFacts, TrainingRequest } from './trainingRun.ts'

export type RunInputs = {
  readonly facts: Omit<TrainingFacts, 'imageDigest'>
  readonly placed: readonly { readonly file: StoredFile; readonly path: readonly string[] }[]
}

/** Throws `NotThere`, in words for the renter, for a file that is not one of the lease's. */
export async function findInputs(
  book: FileBook,
  agreement: Agreement,
  request: TrainingRequest,
): Promise<RunInputs> {
  const dataset = await find('dataset', request.dataset)
  const code = await find('code', request.code)
  const config = request.config === undefined ? undefined : await find('config', request.config)
  return {
    facts: {
      datasetRoot: dataset.root,
      codeHash: code.contentHash,
      configHash: hashTrainingConfig({ command: request.command, configFileHash: config?.contentHash }),
    },
    placed: [
      { file: dataset, path: ['data', dataset.name] },
      { file: code, path: ['code', code.name] },
      ...(config === undefined ? [] : [{ file: config, path: ['config', config.name] }]),
    ],
  }

  async function find(what: string, id: string): Promise<StoredFile> {
    const file = await book.find(id)
    const isMine = file !== undefined && isSameAgreement(file, agreement)
    if (isMine && file.state === 'stored') return file
    throw new NotThere(`The ${what} is no finished file of this lease: upload it first, and give its id`)
  }
}

export async function placeInputs(store: FileStore, workspace: string, { placed }: RunInputs): Promise<void> {
  for (const { file, path } of placed) {
    const bytes =
      file.sizeBytes === 0 ? nothing() : store.read(file.reference, { first: 0, last: file.sizeBytes - 1 })
    await placeFile({ workspace, path, bytes, id: file.id })
  }
}

/** Throws `NotThere` for one that is another by now: then nobody can say what was trained on, or with. */
export async function requireUnchanged(workspace: string, { placed }: RunInputs): Promise<void> {
  for (const { file, path } of placed) {
    const hash = await createKeccakStream()
    for await (const piece of readFileAt(workspace, path)) hash.update(piece)
    if (hexOf(hash.digest()) === file.contentHash) continue
    throw new NotThere(
      `${path.join('/')} is no longer what was given: leave inputs as they are while it runs`,
    )
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
