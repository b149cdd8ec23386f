// Keeps access keys where the dApp says: each under its public key, which the lease shows, so that nothing but the
// lease's id is needed to find it again.
import type { Hex } from 'viem'
import { createSealingKey, type SealingKey, toSealingKey } from './sealingKey.ts'

/** `localStorage`, React Native's `AsyncStorage`, or two functions over a file or database. */
export type AccessKeyStorage = {
  readonly getItem: (name: string) => string | null | Promise<string | null>
  readonly setItem: (name: string, value: string) => void | Promise<void>
}

export type AccessKeyStore = {
  /** Makes a key and keeps it before it is handed out. */
  readonly create: () => Promise<SealingKey>
  /** Keeps one that was exported (it is plain JSON) or derived. */
  readonly keep: (key: Pick<SealingKey, 'privateKey'>) => Promise<SealingKey>
  readonly find: (publicKey: Hex) => Promise<SealingKey | undefined>
}

/**
 * Makes a store of access keys.
 *
 * @example
 * import { accessKeyStore } from '@worldland-aa/sdk/sealing/accessKeyStore'
 *
 * const accessKeys = accessKeyStore({ storage: localStorage })
 * const { publicKey } = await accessKeys.create()
 */
export function accessKeyStore({ storage }: { readonly storage: AccessKeyStorage }): AccessKeyStore {
  const keep: AccessKeyStore['keep'] = async ({ privateKey }) => {
    const key = toSealingKey(privateKey)
    await storage.setItem(itemName(key.publicKey), key.privateKey)
    return key
  }
  return {
    keep,
    create: () => keep(createSealingKey()),
    find: async publicKey => {
      const privateKey = await storage.getItem(itemName(publicKey))
      return privateKey === null ? undefined : toSealingKey(privateKey as Hex)
    },
  }
}

function itemName(publicKey: Hex): string {
  return `worldland.accessKey.${publicKey.toLowerCase()}`
}
