// What came out of a training: every file below out, kept and hashed by this daemon when the command has ended.

import type { FileKeeper } from '../files/fileKeeper.ts'
import type { Agreement } from '../files/storedFile.ts'
import { NotThere, openFolder, openRoot } from '../files/workspace/beneath.ts'
import { walkFolder } from '../files/workspace/walkFolder.ts'
import type { TrainingOutput } from './trainingRun.ts'

export const outputFolder = 'out'
const outputChunkBytes = 4 * 1_048_576

/** Made, and empty: what lay there before the command did not come of it. Throws `NotThere` where something lies there. */
export async function openOutputs(workspace: string): Promise<void> {
  const root = await openRoot(workspace)
  try {
    const folder = await openFolder(root, [outputFolder], { make: true })
    await folder.close()
  } finally {
    await root.close()
  }
  await walkFolder(
    { workspace, names: [outputFolder], mostBytes: Number.MAX_SAFE_INTEGER },
    async ({ path }) => {
      throw new NotThere(
        `${outputFolder}/${path} lies there already: empty ${outputFolder}, so that all of it comes of this run`,
      )
    },
  )
}

/** Throws `NotThere`, in words for the renter, where something cannot be taken or has no room. */
export async function keepOutputs(options: {
  readonly workspace: string
  readonly agreement: Agreement
  readonly keeper: FileKeeper
  readonly mostBytes: number
}): Promise<readonly TrainingOutput[]> {
  const { workspace, agreement, keeper, mostBytes } = options
  const outputs: TrainingOutput[] = []
  await walkFolder({ workspace, names: [outputFolder], mostBytes }, async ({ path, sizeBytes, bytes }) => {
    const kept = await keeper.keep({
      ...agreement,
      // No half of a character.
      name: [...(path.split('/').at(-1) ?? path)].slice(0, 100).join(''),
      sizeBytes,
      chunkBytes: outputChunkBytes,
      bytes: bytes(),
    })
    if (!kept.ok) throw new NotThere(`${outputFolder}/${path} could not be kept: ${kept.refusal.message}`)
    const { id: fileId, root, contentHash: hash, chunkBytes } = kept.value
    outputs.push({ path, sizeBytes, chunkBytes, hash, root, origin: 'made', fileId })
  })
  return outputs
}
