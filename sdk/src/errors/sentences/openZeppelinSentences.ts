// Errors of the OpenZeppelin code inside our contracts, in words.
import type { ContractErrorName } from 'viem'
import type { computePaymasterAbi } from '../../abi/computePaymaster.ts'
import type { computeTokenAbi } from '../../abi/computeToken.ts'
import { amount } from './amount.ts'
import type { Sentences } from './sentence.ts'

type Erc20ErrorName = Extract<ContractErrorName<typeof computeTokenAbi>, `ERC20${string}`>
type PlainErrorName = 'InvalidAccountNonce' | 'InvalidShortString' | 'StringTooLong'
type OwnershipErrorName = Extract<
  ContractErrorName<typeof computePaymasterAbi>,
  `Ownable${string}` | `SafeCast${string}` | `SafeERC20${string}`
>
export type OpenZeppelinErrorName = Erc20ErrorName | PlainErrorName | OwnershipErrorName

const tokenErrors: Sentences<typeof computeTokenAbi, Erc20ErrorName | PlainErrorName> = {
  ERC20InsufficientAllowance: ([spender, allowanceWei, neededWei]) => ({
    problem: `${spender} may pull ${amount(allowanceWei)}, and ${amount(neededWei)} are needed.`,
    remedy: 'Approve the amount in the same batch, before the call that needs it.',
  }),
  ERC20InsufficientBalance: ([sender, balanceWei, neededWei]) => ({
    problem: `${sender} holds ${amount(balanceWei)} in the compute token, and ${amount(neededWei)} are needed.`,
    remedy: 'Get more of the compute token first (wrapCoin turns native coin into it).',
  }),
  ERC20InvalidApprover: ([approver]) => ({
    problem: `${approver} cannot approve.`,
    remedy: 'Approve from an address other than zero.',
  }),
  ERC20InvalidReceiver: ([receiver]) => ({
    problem: `${receiver} cannot receive the compute token.`,
    remedy: 'Send it to an address that is neither zero nor the token itself.',
  }),
  ERC20InvalidSender: ([sender]) => ({
    problem: `${sender} cannot send the compute token.`,
    remedy: 'Send from an address other than zero.',
  }),
  ERC20InvalidSpender: ([spender]) => ({
    problem: `${spender} cannot be approved.`,
    remedy: 'Approve an address other than zero.',
  }),
  InvalidAccountNonce: ([account, currentNonce]) => ({
    problem: `The permit nonce of ${account} is ${currentNonce}.`,
    remedy: 'Sign the permit again with that nonce.',
  }),
  InvalidShortString: () => ({
    problem: 'A stored name is malformed.',
    remedy: 'This is a fault of the deployed contract: deploy it again.',
  }),
  StringTooLong: ([text]) => ({
    problem: `The name "${text}" is too long to be stored.`,
    remedy: 'Use at most 31 bytes.',
  }),
}

const ownershipErrors: Sentences<typeof computePaymasterAbi, OwnershipErrorName> = {
  OwnableInvalidOwner: ([owner]) => ({
    problem: `${owner} cannot be the owner.`,
    remedy: 'Give an address other than zero.',
  }),
  OwnableUnauthorizedAccount: ([account]) => ({
    problem: `${account} is not the paymaster's owner.`,
    remedy: "Send this with the owner's key.",
  }),
  SafeCastOverflowedUintDowncast: ([bits, value]) => ({
    problem: `${value} does not fit into ${bits} bits.`,
    remedy: 'Give a smaller amount, id or duration.',
  }),
  SafeERC20FailedOperation: ([token]) => ({
    problem: `The token ${token} refused to move what was asked for.`,
    remedy: 'Pay in another token: this one may be paused, or bar the sender or the recipient.',
  }),
}

export const openZeppelinSentences = { ...tokenErrors, ...ownershipErrors }
