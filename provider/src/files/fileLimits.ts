// How much and how long files are kept, as the operator's settings say it.
import type { ProviderConfig } from '../config.ts'

export type FileLimits = {
  readonly perAgreementBytes: number
  readonly inAllBytes: number
  /** Of an upload, from its opening. */
  readonly uploadSeconds: number
  /** Of a file that is for the holders of a right alone. */
  readonly keepSeconds: number
  /** Of one that is for a model's licensees. */
  readonly publishedSeconds: number
  /** For one caller; 0 means no limit. */
  readonly downloadBytesPerSecond: number
}

type Settings = Pick<
  ProviderConfig,
  | 'storageGib'
  | 'storagePerLeaseGib'
  | 'keepFilesHours'
  | 'keepPublishedHours'
  | 'uploadHours'
  | 'downloadMibPerSecond'
>

const hourSeconds = 3_600
const mebibyte = 1_048_576

export function fileLimitsOf(settings: Settings): FileLimits {
  return {
    perAgreementBytes: settings.storagePerLeaseGib * 1_024 * mebibyte,
    inAllBytes: settings.storageGib * 1_024 * mebibyte,
    uploadSeconds: settings.uploadHours * hourSeconds,
    keepSeconds: settings.keepFilesHours * hourSeconds,
    publishedSeconds: settings.keepPublishedHours * hourSeconds,
    downloadBytesPerSecond: settings.downloadMibPerSecond * mebibyte,
  }
}
