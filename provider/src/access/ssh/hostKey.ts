// The key by which renters know that it is this provider who answers them: made once, kept in the data folder.
import { existsSync, readFileSync } from 'node:fs'
import { writeNewPrivateFile } from '@worldland-aa/service/files/durableFile'
import ssh2 from 'ssh2'
import { newKeyPair } from './newKeyPair.ts'

export type HostKey = {
  /** As OpenSSH writes it. Never to be logged. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string
}

/** Throws, with the name of the file, when it holds no such key. */
export function readHostKey(path: string): HostKey {
  if (!existsSync(path)) writeNewPrivateFile(path, newKeyPair().privateKey)
  const privateKey = readFileSync(path, 'utf8')
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error || !parsed.isPrivateKey()) {
    throw new Error(`${path} holds no private key of SSH: move it away, and a new one is made`)
  }
  return { privateKey, publicKey: `${parsed.type} ${parsed.getPublicSSH().toString('base64')}` }
}
