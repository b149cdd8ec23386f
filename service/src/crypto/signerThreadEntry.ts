// The thread itself: recovers one signer after the other.
import { parentPort } from 'node:worker_threads'
import { passingBytesOf } from './bytes.ts'
import { recoverSigner } from './recoverSigner.ts'
import type { SignerAnswer, SignerQuestion, SignerThreadReady } from './signerThread.ts'

parentPort?.on('message', (question: SignerQuestion) => {
  const answer: SignerAnswer = question.map(([digest, signature]) =>
    recoverSigner(passingBytesOf(digest), signature),
  )
  parentPort?.postMessage(answer)
})
parentPort?.postMessage('ready' satisfies SignerThreadReady)
