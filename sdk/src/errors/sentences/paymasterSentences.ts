// ComputePaymaster's errors in words.
import type { ContractErrorName } from 'viem'
import type { computePaymasterAbi } from '../../abi/computePaymaster.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { Sentences } from './sentence.ts'
import type { TokenErrorName } from './tokenSentences.ts'

export type PaymasterErrorName = Exclude<
  ContractErrorName<typeof computePaymasterAbi>,
  TokenErrorName | OpenZeppelinErrorName
>

const prepareAgain = 'Ask the paymaster for new terms (pm_getPaymasterData), then sign the operation again.'

export const paymasterSentences: Sentences<typeof computePaymasterAbi, PaymasterErrorName> = {
  BundleInProgress: () => ({
    problem: 'This cannot be done while a bundle is running.',
    remedy: 'Send it as a transaction of its own, not from within a user operation.',
  }),
  ChargeAboveMaximum: ([requiredWei, maximumWei]) => ({
    problem: `The operation could cost ${amount(requiredWei)}, earlier debt included; the paymaster signed for ${amount(maximumWei)}.`,
    remedy: prepareAgain,
  }),
  DeferredChargeFailed: ([sender, dueWei]) => ({
    problem: `${sender} did not leave the ${amount(dueWei)} that the operation's gas cost, so it was undone.`,
    remedy: 'Keep enough tokens and allowance for the gas at the end of the calls.',
  }),
  InsufficientDeposit: ([requiredWei, availableWei]) => ({
    problem: `The paymaster has ${amount(availableWei)} of gas deposit to give out, not ${amount(requiredWei)}: the rest is owed to bundlers in tips.`,
    remedy: 'Take no more than getDeposit() less tipsOwedWei().',
  }),
  InsufficientErc20Revenue: ([token, required, revenue]) => ({
    problem: `The paymaster has ${revenue} units of ${token} that are revenue, not ${required}: the rest is kept for senders whose refund the token refused.`,
    remedy: 'Take no more than erc20Revenue(token).',
  }),
  InsufficientRevenue: ([requiredWei, revenueWei]) => ({
    problem: `The paymaster has ${amount(revenueWei)} of revenue, not ${amount(requiredWei)}: the rest of its tokens lies in gas tanks.`,
    remedy: 'Take no more than revenueWei(); collectFromTanks adds what tanks have spent.',
  }),
  InsufficientTank: ([account, requiredWei, balanceWei]) => ({
    problem: `The gas tank of ${account} holds ${amount(balanceWei)}; ${amount(requiredWei)} are to leave it.`,
    remedy:
      'Put more into the tank (fillTank, from any account), take less out, or pay the gas from the wallet.',
  }),
  InsufficientTokenBalance: ([sender, requiredWei, balanceWei]) => ({
    problem: `${sender} holds ${amount(balanceWei)} in the compute token; the operation's gas can cost up to ${amount(requiredWei)}.`,
    remedy: 'Get more of the compute token first.',
  }),
  InvalidEntryPoint: ([entryPoint]) => ({
    problem: `${entryPoint} is no EntryPoint v0.7.`,
    remedy: 'Deploy the EntryPoint first (npm run deploy does it in order).',
  }),
  InvalidPaymasterDataLength: ([length, expected]) => ({
    problem: `The field paymasterAndData is ${length} bytes long; its mode needs ${expected}.`,
    remedy: prepareAgain,
  }),
  InvalidRate: () => ({
    problem: 'The paymaster signed for a token at a rate of zero.',
    remedy: prepareAgain,
  }),
  InvalidRegistry: ([registry]) => ({
    problem: `There is no registry of bundlers at ${registry}, and tips need one that says whose turn it is.`,
    remedy: 'Give the address of a BundlerRegistry, or a tip of zero.',
  }),
  InvalidSigner: ([signer]) => ({
    problem: `${signer} cannot be a signer.`,
    remedy: 'Give an address other than zero.',
  }),
  InvalidTankAccount: ([account]) => ({
    problem: `${account} cannot have a gas tank.`,
    remedy: 'Name the account whose operations the tank is to pay for.',
  }),
  InvalidToken: ([token]) => ({
    problem: `${token} is not the compute token.`,
    remedy: 'Deploy the compute token first (npm run deploy does it in order).',
  }),
  NativeOnlyFromToken: ([sender]) => ({
    problem: `The paymaster takes native coin only from the compute token, not from ${sender}.`,
    remedy: 'Fund it by deposit() or addStake().',
  }),
  NoRefundKept: ([token, account]) => ({
    problem: `The paymaster keeps no refund in ${token} for ${account}.`,
    remedy: 'Nothing is left to claim: refundKeptFor(token, account) tells what is.',
  }),
  NobodyToPay: ([registry, bundlerId]) => ({
    problem: `The registry ${registry} names nobody who could be paid for its bundler ${bundlerId}.`,
    remedy: 'Give the number of a registered bundler.',
  }),
  NotEntryPoint: ([caller]) => ({
    problem: `${caller} is not the EntryPoint.`,
    remedy: 'Only the EntryPoint calls this, while it runs a user operation.',
  }),
  NoTipsToClaim: ([registry, bundlerId]) => ({
    problem: `Bundler ${bundlerId} of the registry ${registry} is owed no tips, or the gas deposit is used up.`,
    remedy: 'Look at tipsOf(registry, bundlerId); what is owed stays owed until the deposit is filled up.',
  }),
  NotForComputeToken: () => ({
    problem: 'The compute token is not handled as one of the other tokens.',
    remedy: 'Pay in its own modes, and take its revenue by withdrawRevenue.',
  }),
  NotOwnerOrSigner: ([caller]) => ({
    problem: `${caller} is neither the paymaster's owner nor one of its signers.`,
    remedy: "Send this with the owner's or a signer's key.",
  }),
  OwnershipNotRenounceable: () => ({
    problem: 'The paymaster cannot be left without an owner.',
    remedy: 'Transfer the ownership instead.',
  }),
  PostOpGasLimitOutOfBounds: ([limit, minimum, maximum]) => ({
    problem: `The field paymasterPostOpGasLimit is ${limit}; it must lie between ${minimum} and ${maximum}.`,
    remedy: 'Use the value that pm_getPaymasterStubData returns.',
  }),
  TankOverflow: ([account, amountWei]) => ({
    problem: `The gas tank of ${account} cannot take in or spend another ${amount(amountWei)}.`,
    remedy: 'Fill in less, or have collectFromTanks called for it first.',
  }),
  TokenNotPlain: ([token, required, received]) => ({
    problem: `Of ${required} units of ${token} only ${received} reached the paymaster: the token keeps a fee, or moved nothing.`,
    remedy: 'Pay in another token.',
  }),
  UnknownMode: ([mode]) => ({
    problem: `The paymaster knows no mode ${mode}.`,
    remedy: prepareAgain,
  }),
}
