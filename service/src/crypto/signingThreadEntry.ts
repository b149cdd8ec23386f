// The thread itself: signs one digest after the other.
import { serveTurns } from './serveTurns.ts'
import { signAsked } from './signDigest.ts'

serveTurns(signAsked)
