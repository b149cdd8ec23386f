// As whom files are asked for: a holder of a right to the lease or session that they are of, or a licensee of the model
// that they are. One statement is shown for some minutes, then another is signed.
import { type Address, bytesToHex } from 'viem'
import type { TypedDataSigner } from '../account/typedDataSigner.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { signAccessStatement } from './accessStatement.ts'

export type FileHolder = WithContracts & {
  readonly chainId: number
  /** The provider's gateway: `https://gpu.example`. */
  readonly url: string
  /** A holder of the right; a smart account must be deployed and speak ERC-1271. */
  readonly signer: TypedDataSigner
  readonly market: 'lease' | 'session'
  readonly agreementId: bigint
}

export type FileLicensee = WithContracts & {
  readonly chainId: number
  readonly url: string
  /** Who owns the model, or has a licence of it. */
  readonly signer: TypedDataSigner
  readonly modelId: bigint
  /** Of a purchase whose key is released: without it a licence opens files some blocks after it was settled. */
  readonly purchaseId?: bigint | undefined
}

export type FileReader = FileHolder | FileLicensee

export type FileAccess = {
  /** Of the route, with what the reader adds to its query. */
  url(path: string): string
  authorization(): Promise<string>
}

/** Statements are good for five minutes; one must not end under way. */
const freshMilliseconds = 180_000

/** `once`: what does something wants a statement of its own each time. */
export function createFileAccess(
  reader: FileReader,
  { purpose = 'files', once = false }: { readonly purpose?: string; readonly once?: boolean } = {},
): FileAccess {
  const { chainId, url, signer } = reader
  const { market, agreementId, query } = askedAs(reader)
  let signed: { readonly at: number; readonly authorization: Promise<string> } | undefined
  return {
    url: path => `${url.replace(/\/+$/, '')}${path}${query}`,
    authorization() {
      if (once || signed === undefined || Date.now() - signed.at > freshMilliseconds) {
        // Two of the same second would be the same statement.
        const said = once ? `${purpose} ${bytesToHex(crypto.getRandomValues(new Uint8Array(8)))}` : purpose
        const statement = signAccessStatement({ chainId, market, agreementId, purpose: said, url, signer })
        signed = { at: Date.now(), authorization: statement.then(({ authorization }) => authorization) }
      }
      return signed.authorization
    },
  }
}

function askedAs(reader: FileReader): { market: Address; agreementId: bigint; query: string } {
  const { contracts } = reader
  if ('market' in reader) {
    const market = reader.market === 'lease' ? contracts.instanceLease : contracts.serverlessSession
    return { market, agreementId: reader.agreementId, query: '' }
  }
  const purchase = reader.purchaseId === undefined ? '' : `&purchaseId=${reader.purchaseId}`
  const query = `?modelId=${reader.modelId}${purchase}`
  return { market: contracts.modelNft, agreementId: reader.modelId, query }
}
