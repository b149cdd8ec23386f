// A new pair of keys as OpenSSH writes them.
import ssh2 from 'ssh2'

/** `privateKey` is never to be logged. */
export type KeyPair = { readonly privateKey: string; readonly publicKey: string }

/** Ed25519. */
export function newKeyPair(generate: () => KeyPair = generated): KeyPair {
  for (;;) {
    const pair = generate()
    // ssh2 1.17 leaves out the zero that one in 256 public keys begins with: neither it nor OpenSSH can read such a pair.
    if (!(ssh2.utils.parseKey(pair.privateKey) instanceof Error)) return pair
  }
}

function generated(): KeyPair {
  const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519')
  return { privateKey, publicKey: publicKey.trim() }
}
