// What a passkey signs for a ComputeAccount, encoded as the account decodes it (WebAuthn.sol).
import { encodeAbiParameters, type Hex, hexToBigInt, numberToHex, slice } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'

/** What `WebAuthnAccount.sign` returns, without the browser's own object. */
export type WebAuthnSignature = Pick<Awaited<ReturnType<WebAuthnAccount['sign']>>, 'signature' | 'webauthn'>

/** Order of P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const assertion = [
  {
    type: 'tuple',
    components: [
      { name: 'authenticatorData', type: 'bytes' },
      { name: 'clientDataJSON', type: 'string' },
      { name: 'challengeIndex', type: 'uint256' },
      { name: 'typeIndex', type: 'uint256' },
      { name: 'r', type: 'bytes32' },
      { name: 's', type: 'bytes32' },
    ],
  },
] as const

export function encodeWebAuthnSignature({ signature, webauthn }: WebAuthnSignature): Hex {
  const s = hexToBigInt(slice(signature, 32, 64))
  return encodeAbiParameters(assertion, [
    {
      authenticatorData: webauthn.authenticatorData,
      clientDataJSON: webauthn.clientDataJSON,
      challengeIndex: BigInt(webauthn.challengeIndex ?? webauthn.clientDataJSON.indexOf('"challenge"')),
      typeIndex: BigInt(webauthn.typeIndex ?? webauthn.clientDataJSON.indexOf('"type"')),
      r: slice(signature, 0, 32),
      // Authenticators give either half; the contract takes the lower one only.
      s: numberToHex(s > order / 2n ? order - s : s, { size: 32 }),
    },
  ])
}

/**
 * As long as what browsers send, and the dearest to verify, though it verifies nowhere: the account does all the
 * work for it, and of the 128 steps of the arithmetic, which depend on nothing but these bytes, it can skip none.
 */
export const stubWebAuthnSignature: Hex = encodeWebAuthnSignature({
  signature: `0x${'5a'.repeat(62)}2243`,
  webauthn: {
    authenticatorData: `0x${'5a'.repeat(32)}055a5a5a5a`,
    clientDataJSON: `{"type":"webauthn.get","challenge":"${'Z'.repeat(43)}","origin":"${'z'.repeat(80)}","crossOrigin":false}`,
    challengeIndex: 23,
    typeIndex: 1,
    userVerificationRequired: true,
  },
})
