// A public key as OpenSSH writes it, brought to the form by which it is compared: type and key, without a comment.
import ssh2 from 'ssh2'

const mostCharacters = 1_024

/** Undefined for what is no public key that this host can verify. */
export function sshKeyText(line: string): string | undefined {
  if (line.length > mostCharacters) return undefined
  const parsed = ssh2.utils.parseKey(line)
  // A private key would parse as well: whoever hands one over must not be answered as if that were right.
  if (parsed instanceof Error || parsed.isPrivateKey()) return undefined
  return `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`
}
