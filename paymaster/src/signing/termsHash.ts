// What is signed, and the hash that the operation will land under: EIP-712 and EntryPoint v0.7's getUserOpHash over the same
// fields, each hashed once. The fields and their types are the SDK's; a property test holds both against viem.
import {
  type OperationUnderTerms,
  type PaymasterTerms,
  sponsoredUserOperationTypedData,
} from '@worldland-aa/sdk/protocol/paymasterData'
import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import { type Address, concat, domainSeparator, type Hash, type Hex, type TypedDataDomain } from 'viem'

type SponsoredOperation = ReturnType<typeof sponsoredUserOperationTypedData>
type Field = SponsoredOperation['types']['SponsoredUserOperation'][number]

export type TermsHashes = {
  /** EIP-712: what the signer puts its name to. */
  readonly digest: Uint8Array
  /** Of the operation with the terms and this signature of them; an account's signature is not part of it. */
  userOperationHash(signature: Hex): Hash
}

export type TermsHash = (operation: OperationUnderTerms, terms: PaymasterTerms) => TermsHashes

export function createTermsHash(options: {
  readonly chainId: number
  readonly entryPoint: Address
}): TermsHash {
  const { chainId } = options
  const entryPointAndChain = Buffer.concat([wordOf(options.entryPoint), wordOf(BigInt(chainId))])
  const separators = new Map<Address, Uint8Array>()
  let typeHash: Uint8Array | undefined

  function separatorOf(domain: TypedDataDomain & { readonly verifyingContract: Address }): Uint8Array {
    const known = separators.get(domain.verifyingContract)
    if (known !== undefined) return known
    const separator = bytesOf(domainSeparator({ domain }))
    separators.set(domain.verifyingContract, separator)
    return separator
  }

  return (userOperation, terms) => {
    const { domain, types, message } = sponsoredUserOperationTypedData({ chainId, userOperation, terms })
    const fields = types.SponsoredUserOperation
    typeHash ??= keccak256(
      Buffer.from(`SponsoredUserOperation(${fields.map(({ type, name }) => `${type} ${name}`).join(',')})`),
    )
    const words = fields.map(field => wordOfField(field, message))
    const structHash = keccak256(Buffer.concat([typeHash, ...words]))
    return {
      digest: keccak256(Buffer.concat([eip712Prefix, separatorOf(domain), structHash])),
      userOperationHash(signature) {
        // getUserOpHash hashes the same words, but for the last one: there the signature is part of it.
        const paymasterAndData = concat([message.paymasterTerms, signature])
        const operationWords = [...words.slice(0, -1), keccak256(bytesOf(paymasterAndData))]
        const operationHash = keccak256(Buffer.concat(operationWords))
        return hexOf(keccak256(Buffer.concat([operationHash, entryPointAndChain])))
      },
    }
  }
}

const eip712Prefix = Buffer.from('1901', 'hex')

function wordOfField({ name, type }: Field, message: SponsoredOperation['message']): Uint8Array {
  const value = message[name]
  if (typeof value !== 'bigint' && type === 'bytes') return keccak256(bytesOf(value))
  return wordOf(value)
}

function wordOf(value: bigint | Hex): Uint8Array {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2)
  return bytesOf(`0x${digits.padStart(64, '0')}`)
}
