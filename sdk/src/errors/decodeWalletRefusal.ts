// What a wallet or an authenticator says no with: the codes of EIP-1193, EIP-3085 and EIP-5792, and WebAuthn's
// NotAllowedError.
import type { Failure } from './failure.ts'
import { levelsOf } from './levels.ts'
import type { Sentence } from './sentences/sentence.ts'

type WalletSentence = readonly [errorName: string, problem: string, remedy: string]

const rejected: WalletSentence = [
  'UserRejected',
  'The request was turned down in the wallet.',
  'Nothing was sent. Ask again, and confirm it in the wallet.',
]
const codes: Readonly<Record<number, WalletSentence>> = {
  4001: rejected,
  // CAIP-25, as WalletConnect has it.
  5000: rejected,
  4100: [
    'WalletUnauthorized',
    'The wallet does not let this page use the account.',
    'Connect the wallet first (eth_requestAccounts), with this account.',
  ],
  4200: [
    'WalletMethodUnsupported',
    'The wallet does not support this request.',
    'Use a wallet that does, or let a ComputeAccount of this SDK send the calls.',
  ],
  4900: [
    'WalletDisconnected',
    'The wallet is connected to no chain.',
    'Connect it to a chain, then try again.',
  ],
  4901: [
    'WalletChainDisconnected',
    'The wallet is not connected to this chain.',
    'Switch it to the chain (wallet_switchEthereumChain), then try again.',
  ],
  4902: [
    'WalletChainUnknown',
    'The wallet does not know this chain.',
    'Add it first: wallet_addEthereumChain with the description in chains/worldland.',
  ],
  5700: [
    'WalletCapabilityUnsupported',
    'The wallet does not support a capability that the calls ask for.',
    'Mark the capability as optional, or use a wallet that has it (wallet_getCapabilities).',
  ],
  5710: [
    'WalletChainUnsupported',
    'The wallet sends no calls on this chain.',
    'Switch to a chain that it serves.',
  ],
  5720: ['WalletCallsKnown', 'The wallet has calls with this id already.', 'Give another id, or none.'],
  5730: [
    'WalletCallsUnknown',
    'The wallet knows no calls with this id.',
    'Use the id that sendCalls returned.',
  ],
  5740: ['WalletCallsTooLarge', 'These are more calls than the wallet takes at once.', 'Divide them.'],
  5750: [
    'UserRejectedUpgrade',
    'Making the account a smart account was turned down in the wallet.',
    'Ask again, and confirm it in the wallet.',
  ],
  5760: [
    'WalletNotAtomic',
    'The wallet cannot carry out these calls as one.',
    'Use a smart account, or let the calls go without forceAtomic.',
  ],
}
const passkey: WalletSentence = [
  'PasskeyNotAllowed',
  'The passkey did not sign: the prompt was closed, or it timed out.',
  'Ask again, and confirm with the passkey; it must be one of this site.',
]

/** Undefined: the failure is about something else. */
export function decodeWalletRefusal(failure: unknown): Failure | undefined {
  for (const { code, name } of levelsOf(failure)) {
    const sentence = name === 'NotAllowedError' ? passkey : codes[code as number]
    if (sentence !== undefined) return toFailure(sentence)
  }
  return undefined
}

function toFailure([errorName, problem, remedy]: WalletSentence): Failure & Sentence {
  return { source: 'wallet', errorName, problem, remedy }
}
