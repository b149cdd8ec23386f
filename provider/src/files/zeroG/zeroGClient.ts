// 0G's own client, where the operator has installed it: it comes with ethers and weighs more than this daemon, so it is
// loaded only when the storage is 0G. What is used of its documented interface stands here.
import type { Hex } from 'viem'

type Answered<Value> = readonly [Value, Error | null]

type ZeroGFile = { close(): Promise<void> }
type ZeroGIndexer = {
  upload(
    file: ZeroGFile,
    chainRpcUrl: string,
    signer: unknown,
  ): Promise<Answered<{ readonly rootHash?: string }>>
  download(rootHash: string, path: string, proof: boolean): Promise<Error | null>
  getFileLocations(rootHash: string): Promise<readonly unknown[]>
}
type ZeroGSdk = {
  readonly Indexer: new (url: string) => ZeroGIndexer
  readonly ZgFile: { fromFilePath(path: string): Promise<ZeroGFile> }
}
type Ethers = {
  readonly JsonRpcProvider: new (url: string) => unknown
  readonly Wallet: new (privateKey: string, provider: unknown) => unknown
}

export type ZeroGSettings = {
  readonly indexerUrl: string
  readonly chainRpcUrl: string
  /** Pays 0G's fees, on 0G's chain. */
  readonly privateKey: Hex
}

export type ZeroGClient = {
  /** Returns the root by which the network knows it. */
  upload(path: string): Promise<string>
  /** With proofs of each segment. */
  download(root: Hex, path: string): Promise<void>
  isKnown(root: Hex): Promise<boolean>
}

export async function loadZeroGClient(settings: ZeroGSettings): Promise<ZeroGClient> {
  const { Indexer, ZgFile } = await load<ZeroGSdk>('@0gfoundation/0g-ts-sdk')
  const { JsonRpcProvider, Wallet } = await load<Ethers>('ethers')
  const indexer = new Indexer(settings.indexerUrl)
  return {
    async upload(path) {
      const signer = new Wallet(settings.privateKey, new JsonRpcProvider(settings.chainRpcUrl))
      const file = await ZgFile.fromFilePath(path)
      try {
        const [sent, error] = await indexer.upload(file, settings.chainRpcUrl, signer)
        if (error !== null) throw error
        if (sent.rootHash === undefined) throw new Error('0G took the file in several pieces')
        return sent.rootHash
      } finally {
        await file.close()
      }
    },
    async download(root, path) {
      const error = await indexer.download(root, path, true)
      if (error !== null) throw error
    },
    async isKnown(root) {
      return (await indexer.getFileLocations(root)).length > 0
    },
  }
}

/** By a name that the compiler does not follow: neither is a dependency of this package. */
async function load<Module>(name: string): Promise<Module> {
  try {
    return (await import(name)) as Module
  } catch (cause) {
    const message = `Storage on 0G needs ${name}, which is not installed: npm install @0gfoundation/0g-ts-sdk@1.2.8 ethers@6.13.1`
    throw new Error(message, { cause })
  }
}
