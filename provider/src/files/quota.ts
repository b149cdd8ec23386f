// How much of this provider's storage an agreement may fill, and all of them together.

export type FileQuota = {
  /** In a sentence; undefined where it fits. */
  problem(question: {
    readonly sizeBytes: number
    readonly mine: Filled
    readonly all: Filled
  }): string | undefined
}

/** What is uploading counts with all its bytes. */
export type Filled = { readonly bytes: number; readonly files: number; readonly uploading: number }

const mostFilesPerAgreement = 10_000
const mostUploadsPerAgreement = 16
const mostFiles = 1_000_000

export function createQuota(bytes: {
  readonly perAgreementBytes: number
  readonly inAllBytes: number
}): FileQuota {
  return {
    problem({ sizeBytes, mine, all }) {
      if (mine.bytes + sizeBytes > bytes.perAgreementBytes) {
        const left = Math.max(0, bytes.perAgreementBytes - mine.bytes)
        return `The file has ${sizeBytes} bytes and ${left} are left to this lease or session: delete what you need no more`
      }
      if (mine.files >= mostFilesPerAgreement) {
        return `This lease or session has ${mostFilesPerAgreement} files, which are all it may have: delete what you need no more`
      }
      if (mine.uploading >= mostUploadsPerAgreement) {
        return `${mostUploadsPerAgreement} uploads are open already: finish or delete one`
      }
      if (all.bytes + sizeBytes > bytes.inAllBytes || all.files >= mostFiles) {
        return 'This provider’s storage is full: try a smaller file, or try again later'
      }
      return undefined
    },
  }
}
