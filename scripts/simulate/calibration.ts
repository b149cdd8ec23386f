// The figures that the model stands on, from a file: what is measured on a live network goes there. Where those of
// calibration.json come from stands in docs/participation.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { z } from 'zod'
import { workspaceRoot } from '../workspaceRoot.ts'

const share = z.number().min(0).max(1)
const positive = z.number().positive()
const seconds = z.number().min(0).max(3_600)
const count = z.int().min(1).max(100_000)
const blocks = z.int().min(0).max(100_000)
const gas = z.int().min(0).max(1_000_000_000)
const wei = z
  .string()
  .regex(/^\d{1,30}$/, 'must be wei as a decimal string')
  .transform(BigInt)

const calibrationSchema = z.strictObject({
  chain: z.strictObject({
    meanBlockSeconds: positive.max(3_600),
    blockGasLimit: gas.min(100_000),
    /** Of each block, that others use. */
    backgroundGasShare: share.max(0.95),
    leastBaseFeeWei: z.int().min(0),
    /** What bundlers pay the miner per gas. */
    bundleTipWei: z.int().min(1),
    /** A miner makes its block's template anew so often (ETH-ECC: Recommit). */
    recommitSeconds: positive.max(600),
    /** Of the blocks, that have a rival at their height. */
    staleRate: share.max(0.5),
    /** How many blocks deep the reorgs are that follow: the first share is of depth 1. */
    reorgDepthShares: z.array(share).min(1).max(16),
  }),
  network: z.strictObject({
    /** From one bundler to another, log-normal. */
    gossipMedianSeconds: seconds,
    gossipSigma: z.number().min(0).max(3),
    /** Of the messages, that come only by the next round of asking. */
    gossipLossRate: share,
    recoverySeconds: seconds,
    /** From a bundler's node to the miner. */
    transactionMedianSeconds: seconds,
    transactionSigma: z.number().min(0).max(3),
    /** From the miner to a bundler's node. */
    blockMedianSeconds: seconds,
    blockSigma: z.number().min(0).max(3),
  }),
  operations: z.strictObject({
    perSecond: positive.max(1_000),
    senders: count,
    /** Of the operations, that a paymaster with a leader tip pays for. */
    sponsoredShare: share,
    /** After so many blocks a client without a promise hands its operation to all. */
    patienceBlocks: blocks,
    /** By how much an operation's price exceeds the bundlers', evenly between the two. */
    premiumPercent: z.tuple([z.number().min(0).max(1_000), z.number().min(0).max(1_000)]),
  }),
  node: z.strictObject({
    validationSeconds: seconds,
    gatherSeconds: seconds,
    /** In which a new leader hears what the one before has sent. */
    handoverSeconds: seconds,
    /** From the choice of operations to the broadcast. */
    buildSeconds: seconds,
    executors: count.max(64),
    maxInFlightPerExecutor: count.max(16),
    bundleGasLimit: gas.min(100_000),
    /** How long one that died is away. */
    restartBlocks: blocks,
    /** By how much the greedy pay the miner more than others do. */
    greedyOutbidPercent: z.int().min(0).max(1_000),
  }),
  /** Of transactions, in EntryPoint v0.7 under London rules. */
  gas: z.strictObject({
    bundle: gas,
    operation: gas,
    /** A bundle that reverts: once, for each operation it carries, and for each whose validation ran. */
    revert: gas,
    revertOperation: gas,
    revertValidation: gas,
    /** What BundleGuard adds: once, for each operation that goes on, and for each that it leaves out. */
    guard: gas,
    guardOperation: gas,
    guardStale: gas,
    /** What it takes where nothing is left, beside `guardStale` for each; and after the last block. */
    guardNothingLeft: gas,
    guardTooLate: gas,
    guardTooLateOperation: gas,
    /** The paymaster's asking whose turn it is, for each sponsored operation; paid for by it. */
    turnNote: gas,
    cancellation: gas,
    /** In how large a bundle an operation's preVerificationGas is priced. */
    expectedBundleOperations: count.max(1_000),
  }),
  economy: z.strictObject({
    stakeWei: wei,
    minimumStakeWei: wei,
    /** To the leader, for each sponsored operation. */
    tipWei: wei,
    strikeWei: wei,
    promiseFineWei: wei,
    equivocationFineWei: wei,
  }),
  terms: z.strictObject({
    epochBlocks: count,
    windowBlocks: count,
    fallbackBlocks: count,
    graceBlocks: blocks,
    seedDepthBlocks: blocks,
    stakeDepthBlocks: blocks,
    rollBeforeBlocks: blocks,
    rollAfterBlocks: blocks,
    promiseMarginBlocks: blocks,
    /** From the challenge of a broken promise to its fine. */
    answerBlocks: blocks,
  }),
})

export type Calibration = z.output<typeof calibrationSchema>

export const ownCalibration = join(workspaceRoot, 'scripts/simulate/calibration.json')

export function readCalibration(path: string): Result<Calibration> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return refused(`--calibration: cannot read ${path}: ${(error as Error).message}`)
  }
  const parsed = calibrationSchema.safeParse(value)
  if (parsed.success) return accept(parsed.data)
  return refused(`--calibration: ${path}: ${z.prettifyError(parsed.error)}`)
}

function refused(message: string): Result<never> {
  return refuse({ code: 78, message }) // EX_CONFIG of sysexits.h
}
