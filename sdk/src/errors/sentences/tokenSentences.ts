// ComputeToken's errors in words.
import type { ContractErrorName } from 'viem'
import type { computeTokenAbi } from '../../abi/computeToken.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'

export type TokenErrorName = Exclude<ContractErrorName<typeof computeTokenAbi>, OpenZeppelinErrorName>

export const tokenSentences: Sentences<typeof computeTokenAbi, TokenErrorName> = {
  InvalidPermitSignature: ([owner]) => ({
    problem: `The permit is not signed by ${owner} with its present permit nonce.`,
    remedy: 'Read the nonce again and sign the permit again, for this chain and this token.',
  }),
  InvalidWithdrawalRecipient: ([recipient]) => ({
    problem: `Coins cannot be withdrawn to ${recipient}.`,
    remedy: 'Withdraw to an address that is neither zero nor the token itself.',
  }),
  NativeTransferFailed: ([recipient, wei]) => ({
    problem: `${recipient} refused ${amount(wei)} of native coin.`,
    remedy: 'Withdraw to an address that takes native coin, by withdrawTo.',
  }),
  PermitExpired: ([deadline]) => ({
    problem: `The permit's deadline ${deadline} (seconds since 1970) has passed.`,
    remedy: 'Sign a permit with a later deadline.',
  }),
}
