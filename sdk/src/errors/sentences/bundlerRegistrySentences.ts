// BundlerRegistry's errors in words.
import type { ContractErrorName } from 'viem'
import type { bundlerRegistryAbi } from '../../abi/bundlerRegistry.ts'
import { amount } from './amount.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { RegistryErrorName } from './registrySentences.ts'
import type { Sentences } from './sentence.ts'

export type BundlerRegistryErrorName = Exclude<
  ContractErrorName<typeof bundlerRegistryAbi>,
  OpenZeppelinErrorName | RegistryErrorName
>

export const bundlerRegistrySentences: Sentences<typeof bundlerRegistryAbi, BundlerRegistryErrorName> = {
  ExitDelayTooShort: ([exitDelayBlocks, leastBlocks]) => ({
    problem: `An exit delay of ${exitDelayBlocks} blocks lets bundlers leave before they are judged.`,
    remedy: `Deploy the registry with more than ${leastBlocks} blocks.`,
  }),
  NoSuchBundler: ([bundlerId]) => ({
    problem: `There is no bundler ${bundlerId}.`,
    remedy: 'Take an id from 1 to bundlerCount.',
  }),
  NotOperator: ([bundlerId, caller]) => ({
    problem: `${caller} is not the operator of bundler ${bundlerId}.`,
    remedy: "Send this with the operator's key.",
  }),
  NotCourt: ([caller]) => ({
    problem: `${caller} cannot fine bundlers.`,
    remedy: "Report the fault to the registry's court.",
  }),
  StakeTooSmall: ([stakeWei, minimumStakeWei]) => ({
    problem: `A stake of ${amount(stakeWei)} is too small to register with.`,
    remedy: `Send at least ${amount(minimumStakeWei)} of native coin.`,
  }),
  InvalidPublicKey: ([length]) => ({
    problem: `The node's public key has ${length} bytes.`,
    remedy: 'Give its 64 bytes x and y, without the leading 04.',
  }),
  NotPossessed: ([nodeKey]) => ({
    problem: `The registration is not signed by the node's key ${nodeKey} for this operator.`,
    remedy: 'Sign BundlerRegistration with that key, naming the account that registers.',
  }),
  KeyAlreadyRegistered: ([nodeKey, bundlerId]) => ({
    problem: `The node's key ${nodeKey} is that of bundler ${bundlerId} already.`,
    remedy: 'Top up that bundler, or make another key for the new node.',
  }),
  AddressesTooLong: ([length, maximum]) => ({
    problem: `The node's addresses are ${length} bytes long; ${maximum} are allowed.`,
    remedy: 'Give fewer addresses.',
  }),
  Exiting: ([bundlerId, exitBlock]) => ({
    problem: `Bundler ${bundlerId} is leaving: its stake is free from block ${exitBlock} on.`,
    remedy: 'Withdraw then, and register anew; or register another key now.',
  }),
  NotExiting: ([bundlerId]) => ({
    problem: `Bundler ${bundlerId} has not asked to leave.`,
    remedy: 'Call requestExit first.',
  }),
  ExitDelayNotOver: ([exitBlock]) => ({
    problem: `The stake can be withdrawn from block ${exitBlock} on.`,
    remedy: 'Withdraw in that block or later.',
  }),
  AlreadyWithdrawn: ([bundlerId]) => ({
    problem: `The stake of bundler ${bundlerId} has been withdrawn.`,
    remedy: 'Register anew to bundle again.',
  }),
  InvalidConsent: () => ({
    problem: "The executor's consent is no signature.",
    remedy: 'Sign ExecutorConsent with the key of the executor: 65 bytes.',
  }),
  ConsentWithdrawn: ([executor, bundlerId]) => ({
    problem: `${executor} has left bundler ${bundlerId} by itself.`,
    remedy: 'Use another account as its executor.',
  }),
  ExecutorTaken: ([executor, bundlerId]) => ({
    problem: `${executor} sends the bundles of bundler ${bundlerId} already.`,
    remedy: 'Remove it there first, or use another account.',
  }),
  NotExecutor: ([executor]) => ({
    problem: `${executor} sends the bundles of no bundler.`,
    remedy: 'Give the address of an executor that was added.',
  }),
  NothingToRoll: ([epoch, fromBlock]) => ({
    problem: `No table of leaders can be stored now; that of epoch ${epoch} is the next.`,
    remedy: `Call rollEpoch from block ${fromBlock} on, when epochToRoll says that it is due.`,
  }),
  NothingToClaim: ([reporter]) => ({
    problem: `${reporter} has no reward waiting.`,
    remedy: 'Rewards come with fines that one has reported.',
  }),
  NothingToBurn: () => ({
    problem: 'No strike or fine waits to be burnt.',
    remedy: 'Call settleStrikes for a bundler with strikes first.',
  }),
  TransferFailed: ([to, amountWei]) => ({
    problem: `${to} did not take ${amount(amountWei)} of native coin.`,
    remedy: 'Name a receiver that accepts native coin.',
  }),
}
