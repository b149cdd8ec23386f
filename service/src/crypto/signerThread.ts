// Recovers signers in a thread of its own: one takes longer than most of what else a paid request asks of a processor, and
// holds up whatever is served beside. What is asked in one turn of the event loop goes there together.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Hex } from 'viem'
import { hexOf } from './bytes.ts'
import { recoverSigner } from './recoverSigner.ts'

export type SignerThread = {
  /** As `recoverSigner`. */
  signerOf(digest: Uint8Array, signature: Hex): Promise<Hex | undefined>
  /** What is asked from then on is done without it. */
  stop(): Promise<void>
}

/** Of one turn: digest and signature of each. */
export type SignerQuestion = readonly (readonly [digest: Hex, signature: Hex])[]
export type SignerAnswer = readonly (Hex | undefined)[]
/** The first thing that a thread says: it can be asked. */
export type SignerThreadReady = 'ready'

type Asked = {
  readonly digest: Uint8Array
  readonly signature: Hex
  readonly resolve: (signer: Hex | undefined) => void
}

export function createSignerThread(): SignerThread {
  /** In the order in which they were asked, which is the order of the answers. */
  const turns: Asked[][] = []
  let turn: Asked[] = []
  let worker: Worker | undefined
  let isReady = false
  let isStopped = false

  function start(): void {
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const entry = createRequire(import.meta.url).resolve('@worldland-aa/service/crypto/signerThreadEntry')
    const started = new Worker(entry)
    worker = started
    started.unref()
    started.on('message', (answer: SignerAnswer | SignerThreadReady) => {
      if (worker !== started) return
      if (answer === 'ready') isReady = true
      else for (const [at, { resolve }] of (turns.shift() ?? []).entries()) resolve(answer[at])
    })
    started.on('error', () => end(started))
    started.on('exit', () => end(started))
  }

  /** What it has not answered is done here; the next that is asked starts another one. */
  function end(ended: Worker | undefined): void {
    if (worker !== ended) return
    worker = undefined
    isReady = false
    for (const asked of turns.splice(0).flat()) doHere(asked)
  }

  function doHere({ digest, signature, resolve }: Asked): void {
    resolve(recoverSigner(digest, signature))
  }

  function ask(): void {
    const asked = turn
    turn = []
    if (worker === undefined || !isReady) {
      for (const one of asked) doHere(one)
      return
    }
    turns.push(asked)
    const question: SignerQuestion = asked.map(({ digest, signature }) => [hexOf(digest), signature])
    worker.postMessage(question)
  }

  return {
    signerOf(digest, signature) {
      if (worker === undefined && !isStopped) start()
      return new Promise(resolve => {
        if (turn.length === 0) setImmediate(ask)
        turn.push({ digest, signature, resolve })
      })
    },
    async stop() {
      isStopped = true
      const stopping = worker
      end(stopping)
      await stopping?.terminate()
    },
  }
}
