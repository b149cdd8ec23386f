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
  /** In a time that says nothing of the secret. */
  isSecretOf(key: string, claimed: string): boolean
  /** Tells whether two specifications are the same without telling what they hold. */
  fingerprint(specification: unknown): string
}

/** Whoever reaches the door may name workers that there are not. */
const mostDigests = 10_000

export function createWorkerSecrets(key: Uint8Array): WorkerSecrets {
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\n${text}`).digest()
  const secretOf = (worker: string): string => mac('worker secret', worker).toString('hex')
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
  /** Of secrets that were compared last: a worker shows its own at each call. */
  const digests = new Map<string, Buffer>()

  function digestOf(worker: string): Buffer {
    const known = digests.get(worker)
    if (known !== undefined) return known
    const made = digest(secretOf(worker))
    if (digests.size >= mostDigests) digests.clear()
    digests.set(worker, made)
    return made
  }

  return {
    secretOf,
    isSecretOf: (worker, claimed) => timingSafeEqual(digestOf(worker), digest(claimed)),
    fingerprint: specification =>
      mac('worker specification', JSON.stringify(specification)).toString('hex').slice(0, 32),
  }
}
