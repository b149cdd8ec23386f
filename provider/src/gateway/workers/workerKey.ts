// How a worker is named and how it proves to be the one: its name is its machine's key, its secret follows from the name
// and a key in the data folder, so that a restarted daemon knows its workers without having kept a secret of any.
import { createHmac, hash, timingSafeEqual } from 'node:crypto'

export function workerKey(endpointId: string, number: number): string {
  return `worker-${endpointId}-${number}`
}

/** Undefined for what is no worker's name. */
export function endpointOfWorker(key: string): string | undefined {
  return /^worker-(.+)-\d+$/.exec(key)?.[1]
}

export type WorkerSecrets = {
  secretOf(key: string): string
  /** In the same time whatever is wrong. */
  isSecretOf(key: string, claimed: string): boolean
  /** Tells whether two specifications are the same without telling what they hold. */
  fingerprint(specification: unknown): string
}

export function createWorkerSecrets(key: Uint8Array): WorkerSecrets {
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\n${text}`).digest()
  const secretOf = (worker: string): string => mac('worker secret', worker).toString('hex')
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
  return {
    secretOf,
    isSecretOf: (worker, claimed) => timingSafeEqual(digest(secretOf(worker)), digest(claimed)),
    fingerprint: specification =>
      mac('worker specification', JSON.stringify(specification)).toString('hex').slice(0, 32),
  }
}
