// The thread itself: recovers one signer after the other.
import { recoverAsked } from './recoverSigner.ts'
import { serveTurns } from './serveTurns.ts'

serveTurns(recoverAsked)
