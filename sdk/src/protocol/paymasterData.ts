// The compute paymaster's part of a user operation: its terms, how they are packed into
// paymasterData, and the EIP-712 message a signer puts its name to. Layout: paymasterLayout.ts.
import {
  type Address,
  concat,
  encodePacked,
  getAddress,
  type Hex,
  hexToBigInt,
  hexToNumber,
  numberToHex,
  pad,
  size,
  slice,
} from 'viem'
import { toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { paymasterLayout as at, paymasterModeNumber, paymasterSignatureBytes } from './paymasterLayout.ts'

type Validity = {
  /** 16 bytes that name the policy in events. */
  readonly policyId: Hex
  /** Seconds since the Unix epoch; the last second at which the terms hold. 0 means no end. */
  readonly validUntil: number
  /** Seconds since the Unix epoch. */
  readonly validAfter: number
}

/** The operator pays. */
export type SponsorTerms = Validity & { readonly mode: 'sponsor' }

/** The sender pays in the token: `token` before its operation runs, `tokenDeferred` after, `tank` out of its prepaid gas. */
export type TokenTerms = Validity & {
  readonly mode: 'token' | 'tokenDeferred' | 'tank'
  /** Added to the gas cost, in 1/10000. */
  readonly markupBps: number
  /** The most token wei that the operation may cost its sender, earlier debt included. */
  readonly maxChargeWei: bigint
}

/** The sender pays in another ERC-20, at a signed rate, before its operation runs; what it did not cost comes back after. */
export type Erc20Terms = Validity & {
  readonly mode: 'erc20'
  /** Added to the gas cost, in 1/10000. */
  readonly markupBps: number
  /** The most units of the token that the operation may cost its sender; below 2^128. */
  readonly maxChargeUnits: bigint
  readonly token: Address
  /** Units of the token for 1e18 wei of native gas cost, without the markup; above zero, below 2^128. */
  readonly rate: bigint
}

export type PaymasterTerms = SponsorTerms | TokenTerms | Erc20Terms
export type PaymasterMode = PaymasterTerms['mode']

/** Where a field is in `paymasterData`, which leaves out what every paymaster has. */
const within = (place: number): number => place - at.mode
const sponsorTermsBytes = within(at.sponsorTermsEnd)
const tokenTermsBytes = within(at.paidTermsEnd)
const erc20TermsBytes = within(at.erc20TermsEnd)

/** What follows the standard bytes of paymasterAndData, without the signature. */
export function encodePaymasterTerms(terms: PaymasterTerms): Hex {
  const common = encodePacked(
    ['uint8', 'uint48', 'uint48', 'bytes16'],
    [paymasterModeNumber[terms.mode], terms.validUntil, terms.validAfter, terms.policyId],
  )
  if (terms.mode === 'sponsor') return common
  if (terms.mode === 'erc20') {
    const { markupBps, maxChargeUnits, token, rate } = terms
    const paid = encodePacked(
      ['uint16', 'uint128', 'address', 'uint128'],
      [markupBps, maxChargeUnits, token, rate],
    )
    return concat([common, paid])
  }
  return concat([common, encodePacked(['uint16', 'uint128'], [terms.markupBps, terms.maxChargeWei])])
}

/** The operation's `paymasterData` field. */
export function encodePaymasterData(terms: PaymasterTerms, signature: Hex): Hex {
  if (size(signature) !== paymasterSignatureBytes) {
    throw new Error(`A paymaster signature has ${paymasterSignatureBytes} bytes, not ${size(signature)}`)
  }
  return concat([encodePaymasterTerms(terms), signature])
}

/** The terms and signature within `paymasterData`; undefined when it does not have the paymaster's layout. */
export function decodePaymasterData(
  paymasterData: Hex,
): { readonly terms: PaymasterTerms; readonly signature: Hex } | undefined {
  const termsBytes = size(paymasterData) - paymasterSignatureBytes
  if (termsBytes < sponsorTermsBytes) return undefined
  const field = (from: number, to: number): Hex => slice(paymasterData, within(from), within(to))
  const modeNumber = hexToNumber(field(at.mode, at.validUntil))
  const validity: Validity = {
    validUntil: hexToNumber(field(at.validUntil, at.validAfter)),
    validAfter: hexToNumber(field(at.validAfter, at.policyId)),
    policyId: field(at.policyId, at.sponsorTermsEnd),
  }
  const signature = slice(paymasterData, termsBytes)
  if (modeNumber === paymasterModeNumber.sponsor) {
    return termsBytes === sponsorTermsBytes
      ? { terms: { mode: 'sponsor', ...validity }, signature }
      : undefined
  }
  if (modeNumber === paymasterModeNumber.erc20) {
    if (termsBytes !== erc20TermsBytes) return undefined
    const terms: Erc20Terms = {
      mode: 'erc20',
      ...validity,
      markupBps: hexToNumber(field(at.markupBps, at.maxChargeWei)),
      maxChargeUnits: hexToBigInt(field(at.maxChargeWei, at.paidTermsEnd)),
      token: getAddress(field(at.erc20Token, at.erc20Rate)),
      rate: hexToBigInt(field(at.erc20Rate, at.erc20TermsEnd)),
    }
    return { terms, signature }
  }
  const mode = (['token', 'tokenDeferred', 'tank'] as const).find(
    name => paymasterModeNumber[name] === modeNumber,
  )
  if (mode === undefined || termsBytes !== tokenTermsBytes) return undefined
  const markupBps = hexToNumber(field(at.markupBps, at.maxChargeWei))
  const maxChargeWei = hexToBigInt(field(at.maxChargeWei, at.paidTermsEnd))
  return { terms: { mode, ...validity, markupBps, maxChargeWei }, signature }
}

/** An operation whose every field but `paymasterData` and `signature` stands. */
export type OperationUnderTerms = Omit<
  UserOperation<'0.7'>,
  'paymaster' | 'paymasterData' | 'signature' | 'paymasterVerificationGasLimit' | 'paymasterPostOpGasLimit'
> & {
  readonly paymaster: Address
  readonly paymasterVerificationGasLimit: bigint
  readonly paymasterPostOpGasLimit: bigint
}

const sponsoredUserOperationTypes = {
  SponsoredUserOperation: [
    { name: 'sender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'initCode', type: 'bytes' },
    { name: 'callData', type: 'bytes' },
    { name: 'accountGasLimits', type: 'bytes32' },
    { name: 'preVerificationGas', type: 'uint256' },
    { name: 'gasFees', type: 'bytes32' },
    { name: 'paymasterTerms', type: 'bytes' },
  ],
} as const

/** What a signer of the paymaster signs: every byte of the operation but the account's own signature. */
export function sponsoredUserOperationTypedData(parameters: {
  readonly chainId: number
  readonly userOperation: OperationUnderTerms
  readonly terms: PaymasterTerms
}) {
  const { chainId, userOperation, terms } = parameters
  const packed = toPackedUserOperation({ ...userOperation, signature: '0x' })
  return {
    domain: {
      name: 'ComputePaymaster',
      version: '1',
      chainId,
      verifyingContract: userOperation.paymaster,
    },
    types: sponsoredUserOperationTypes,
    primaryType: 'SponsoredUserOperation',
    message: {
      sender: packed.sender,
      nonce: packed.nonce,
      initCode: packed.initCode,
      callData: packed.callData,
      accountGasLimits: packed.accountGasLimits,
      preVerificationGas: packed.preVerificationGas,
      gasFees: packed.gasFees,
      paymasterTerms: concat([
        userOperation.paymaster,
        uint128(userOperation.paymasterVerificationGasLimit),
        uint128(userOperation.paymasterPostOpGasLimit),
        encodePaymasterTerms(terms),
      ]),
    },
  } as const
}

function uint128(value: bigint): Hex {
  return pad(numberToHex(value), { size: 16 })
}
