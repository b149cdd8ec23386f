// Asks a provider for the access to a leased machine, for whoever holds a right to use the lease: the payer again, or
// somebody whom a part of it was granted.
import { type Client, type GetChainIdErrorType, type Hex, isHex } from 'viem'
import { getChainId } from 'viem/actions'
import type { TypedDataSigner } from '../../account/typedDataSigner.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { LeaseAccess } from '../../sealing/leaseAccess.ts'
import { signAccessStatement } from '../../serving/accessStatement.ts'
import { type GetProviderErrorType, getProvider } from '../market/getProvider.ts'
import { type GetLeaseErrorType, getLease } from './getLease.ts'

export type AskLeaseAccessParameters = WithContracts & {
  readonly leaseId: bigint
  /** Who holds the right, and signs. A smart account must be deployed. Default: the client's account. */
  readonly signer?: TypedDataSigner | undefined
  /** The provider's gateway. Default: where its metadata are, on the same host. */
  readonly url?: string | undefined
  /** One line of `~/.ssh/*.pub`, that is to be let in as long as the right holds. */
  readonly sshPublicKey?: string | undefined
}
export type AskLeaseAccessReturnType = LeaseAccess
/** A `ComputeError` too with the provider's words, if it refuses, or does not answer. */
export type AskLeaseAccessErrorType = GetLeaseErrorType | GetProviderErrorType | GetChainIdErrorType

const patienceMilliseconds = 30_000
const mostAnswerBytes = 16_384

/**
 * Asks the provider of a lease for the access to its machine, by a signature and without a transaction. It comes sealed
 * to a key that is made for this answer alone.
 *
 * @example
 * import { askLeaseAccess } from '@worldland-aa/sdk/actions/lease/askLeaseAccess'
 *
 * const { ssh, token } = await askLeaseAccess(publicClient, {
 *   contracts,
 *   leaseId: 1n,
 *   signer: account,
 *   sshPublicKey: 'ssh-ed25519 AAAA… me@home',
 * })
 */
export async function askLeaseAccess(
  client: Client | SmartAccountClient,
  parameters: AskLeaseAccessParameters,
): Promise<AskLeaseAccessReturnType> {
  const { contracts, leaseId, sshPublicKey } = parameters
  const chainClient = chainClientOf(client)
  const signer = signerOf(client, parameters)
  const [url, chainId] = await Promise.all([
    parameters.url ?? gatewayOf(chainClient, parameters),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  // Whoever only reads and sends loads no cryptography.
  const [{ createSealingKey }, { openAccess }] = await Promise.all([
    import('../../sealing/sealingKey.ts'),
    import('../../sealing/sealedAccess.ts'),
  ])
  const { privateKey, publicKey } = createSealingKey()
  const { authorization } = await signAccessStatement({
    ...{ chainId, signer, url, key: publicKey, agreementId: leaseId },
    market: contracts.instanceLease,
    purpose: sshPublicKey === undefined ? 'access' : `access ${sshPublicKey.trim()}`,
  })
  const sealedAccess = await ask(`${url.replace(/\/+$/, '')}/leases/${leaseId}/access`, authorization)
  const opened = openAccess({ contracts, chainId, leaseId, sealedAccess, privateKey })
  if (opened.ok) return opened.access
  throw new ComputeError(opened)
}

async function ask(url: string, authorization: string): Promise<Hex> {
  const { origin } = new URL(url)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization },
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMilliseconds),
  }).catch(cause => {
    throw new ComputeError({
      problem: `The provider at ${origin} does not answer.`,
      remedy: 'Try again later, or give the address of its gateway as `url`.',
      cause,
    })
  })
  const told = parse(await readStart(answer))
  if (answer.ok && isHex(told.sealedAccess)) return told.sealedAccess
  throw new ComputeError({
    problem: `The provider at ${origin} gives no access (${answer.status}): ${shown(told.error)}`,
    remedy:
      answer.status === 403
        ? 'Have the lease’s payer grant you a right with `use`, or choose the one that you hold by chooseRight.'
        : 'Mend what it names, and ask again.',
  })
}

/** As much of it as an honest answer has. */
async function readStart(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  while (reader !== undefined && bytes < mostAnswerBytes) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.length
    text += decoder.decode(value, { stream: true })
  }
  await reader?.cancel()
  return text
}

function parse(text: string): { readonly sealedAccess?: unknown; readonly error?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** A stranger's words, perhaps for a terminal. */
function shown(error: unknown): string {
  return typeof error === 'string' ? error.replace(/\p{Cc}/gu, ' ').slice(0, 300) : 'it does not say why.'
}

async function gatewayOf(client: Client, { contracts, leaseId }: AskLeaseAccessParameters): Promise<string> {
  const { provider } = await getLease(client, { contracts, leaseId })
  const metadataUri = (await getProvider(client, { contracts, provider }))?.metadataUri ?? ''
  if (/^https?:/.test(metadataUri) && URL.canParse(metadataUri)) return new URL(metadataUri).origin
  throw new ComputeError({
    problem: `The metadata of ${provider} are not on a host that could be asked.`,
    remedy: 'Give the address of the provider’s gateway as `url`.',
  })
}

function signerOf(
  client: Client | SmartAccountClient,
  { signer }: AskLeaseAccessParameters,
): TypedDataSigner {
  const found = signer ?? (client.account as Partial<TypedDataSigner> | undefined)
  if (found?.signTypedData !== undefined && found.address !== undefined) return found as TypedDataSigner
  throw new ComputeError({
    problem: 'Nobody is there to sign for the access.',
    remedy:
      'Give `signer`: an account of viem, or { address, signTypedData } of a wallet client whose keys are elsewhere.',
  })
}
