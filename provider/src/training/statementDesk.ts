// States what a training was, for provider and payer to stand behind: made of this daemon's own findings, and signed by the
// provider's account. What the payer adds is told apart from what the machine made.
import { isSignatureOf } from '@worldland-aa/sdk/account/isSignatureOf'
import type { TypedDataSigner } from '@worldland-aa/sdk/account/typedDataSigner'
import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
import { signStatement } from '@worldland-aa/sdk/actions/provenance/signStatement'
import type { Statement } from '@worldland-aa/sdk/actions/provenance/statement'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { createResultTree, type ListedFile } from '@worldland-aa/sdk/serving/resultListing'
import { type PublicClient, stringToHex } from 'viem'
import type { FileBook } from '../files/fileBook.ts'
import { type FileRefusal, refuse } from '../files/refusal.ts'
import { type Agreement, isSameAgreement } from '../files/storedFile.ts'
import type { Outcome } from '../outcome.ts'
import type { RunBook } from './runBook.ts'
import type { TrainingRun, TrainingStatement } from './trainingRun.ts'

export type WantedStatement = {
  /** Ids of files of the lease, such as an encrypted copy of the weights, or the seal of a model. */
  readonly added: readonly string[]
  /** The payer is content with a statement that names no image. */
  readonly isImageless: boolean
  readonly recordedBy: 'provider' | 'payer'
}

export type StatementDesk = {
  state(
    agreement: Agreement,
    run: TrainingRun,
    wanted: WantedStatement,
  ): Promise<Outcome<TrainingStatement, FileRefusal>>
}

/** What the contract takes. */
const mostReferenceBytes = 512

export function createStatementDesk(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly chainId: number
  readonly signer: TypedDataSigner
  readonly book: RunBook
  readonly files: FileBook
  /** Whether this provider pays for records. */
  readonly records: boolean
  readonly publicUrl: () => string
}): StatementDesk {
  const { client, contracts, chainId, signer, book, files } = options

  async function addedFiles(
    agreement: Agreement,
    ids: readonly string[],
  ): Promise<Outcome<ListedFile[], FileRefusal>> {
    const added: ListedFile[] = []
    for (const id of ids) {
      const file = await files.find(id)
      const isMine = file !== undefined && isSameAgreement(file, agreement)
      if (!isMine || file.state !== 'stored') return refuse(404, `${id} is no finished file of this lease`)
      const { sizeBytes, chunkBytes, contentHash: hash, root } = file
      added.push({ path: `added/${file.name}`, sizeBytes, chunkBytes, hash, root, origin: 'added' })
    }
    return { ok: true, value: added }
  }

  async function sign(
    agreement: Agreement,
    run: TrainingRun,
    listed: readonly ListedFile[],
    wanted: WantedStatement,
  ) {
    const { facts } = run
    if (facts === undefined) throw new Error(`The training ${run.id} has ended without facts`)
    const listing = { files: listed }
    const door = options.publicUrl().replace(/\/+$/, '')
    const address = new URL(`${door}/leases/${run.leaseId}/training/${run.id}`)
    const reference = stringToHex(address.href)
    const statement: Statement = {
      market: agreement.market,
      agreementId: agreement.agreementId,
      ...facts,
      resultRoot: createResultTree(listing).root,
      metricsHash: listed.find(({ path, origin }) => path === 'metrics.json' && origin === 'made')?.hash,
      ...(reference.length <= 2 + 2 * mostReferenceBytes && {
        storage: { driver: address.protocol.slice(0, -1), reference },
      }),
    }
    const providerSignature = await signStatement({ contracts, chainId, statement, signer })
    const recordId = hashStatement({ contracts, chainId, statement })
    return { statement, listing, recordId, providerSignature, recordedBy: wanted.recordedBy }
  }

  return {
    async state(agreement, run, wanted) {
      if (run.stated !== undefined) return { ok: true, value: run.stated }
      const problem = problemOf(run, wanted, options.records)
      if (problem !== undefined) return problem
      const added = await addedFiles(agreement, wanted.added)
      if (!added.ok) return added
      const made = (run.outputs ?? []).map(({ fileId: _, ...file }): ListedFile => file)
      const listed = [...made, ...added.value]
      const paths = new Set(listed.map(({ path }) => path))
      if (paths.size !== listed.length)
        return refuse(409, 'Two files of the result would have the same path: name one otherwise')
      const stated = await sign(agreement, run, listed, wanted)
      const { recordId: hash, providerSignature: signature } = stated
      if (!(await isSignatureOf(client, { signer: signer.address, hash, signature }))) {
        return refuse(
          503,
          'The provider’s account does not stand behind its signature yet (is it deployed?): try again later',
        )
      }
      if (await book.state(run.id, stated)) return { ok: true, value: stated }
      return refuse(409, 'It was stated by another request meanwhile: read it')
    },
  }
}

function problemOf(
  run: TrainingRun,
  { isImageless, recordedBy }: WantedStatement,
  records: boolean,
): Outcome<never, FileRefusal> | undefined {
  if (run.state === 'running') return refuse(409, 'It still runs: ask again when it has ended')
  if (run.state === 'failed')
    return refuse(409, `There is nothing to state: it failed. ${run.problem ?? ''}`.trim())
  if (run.facts?.imageDigest === undefined && !isImageless) {
    return refuse(
      422,
      'The machine runs no image that has a digest, so the statement could name none: rent one with an image, or ask with "imageless": true if that will do',
    )
  }
  if (recordedBy === 'provider' && !records) {
    return refuse(
      422,
      'This provider puts no records on the chain: ask with "recordedBy": "payer", and record it yourself',
    )
  }
  return undefined
}
