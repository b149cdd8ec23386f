// A passkey in software: signs as an authenticator and a browser do together, and shows viem's face.
import { createHash } from 'node:crypto'
import { p256 } from '@noble/curves/p256'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'

const userPresentAndVerified = 0x05

export function createPasskey(privateKey = p256.utils.randomPrivateKey()): WebAuthnAccount {
  const publicKey = bytesToHex(p256.getPublicKey(privateKey, false).slice(1))
  const sign = async ({ hash }: { hash: Hex }) => {
    const challenge = Buffer.from(hexToBytes(hash)).toString('base64url')
    const clientDataJSON = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://app.example","crossOrigin":false}`
    const authenticatorData = Buffer.concat([
      sha256('app.example'),
      Buffer.from([userPresentAndVerified, 0, 0, 0, 0]),
    ])
    const digest = sha256(Buffer.concat([authenticatorData, sha256(clientDataJSON)]))
    // Authenticators do not care which half s is in.
    const signature = p256.sign(digest, privateKey, { lowS: false })
    return {
      signature: bytesToHex(signature.toCompactRawBytes()),
      webauthn: {
        authenticatorData: bytesToHex(authenticatorData),
        clientDataJSON,
        challengeIndex: clientDataJSON.indexOf('"challenge"'),
        typeIndex: clientDataJSON.indexOf('"type"'),
        userVerificationRequired: true,
      },
      raw: undefined as never,
    }
  }
  const unused = async (): Promise<never> => {
    throw new Error('This passkey signs hashes only')
  }
  return { id: 'software', publicKey, sign, signMessage: unused, signTypedData: unused, type: 'webAuthn' }
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}
