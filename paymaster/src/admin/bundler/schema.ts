// What the bundler page shows: what `worldland_getBundlerStatus` answers, or why nobody answers.
import { z } from '@hono/zod-openapi'
import { addressText, hashText, weiText } from '../treasury/schema.ts'

export const bundlerStatusSchema = z
  .object({
    version: z.string(),
    chainId: z.int(),
    entryPoint: addressText,
    entryPointVersion: z.string(),
    healthy: z.boolean(),
    /** As `/health` tells. */
    checks: z.record(z.string(), z.string()),
    head: z.object({ number: z.int(), hash: hashText, timestampSeconds: z.int(), baseFeePerGasWei: weiText }),
    mempool: z.object({
      /** By state: waiting, in a bundle. */
      pending: z.int(),
      submitted: z.int(),
      capacity: z.int(),
      /** Whoever has waited longest; null while nobody waits. */
      oldestWaiting: z
        .object({ userOperationHash: hashText, sender: addressText, waitedSeconds: z.int() })
        .nullable(),
    }),
    /** On their way, the oldest first; at most 100. */
    bundles: z.array(
      z.object({
        transactionHash: hashText,
        executor: addressText,
        nonce: z.int(),
        userOperationHashes: z.array(hashText),
        operations: z.int(),
        sentAtBlock: z.int(),
        blocksWaited: z.int(),
        maxFeePerGasWei: weiText,
        maxPriorityFeePerGasWei: weiText,
        /** Sent with how many fees so far, the first included. */
        attempts: z.int(),
      }),
    ),
    executors: z.array(
      z.object({
        address: addressText,
        balanceWei: weiText,
        pendingNonce: z.int(),
        /** Why it sends nothing; null while it can. */
        setAsideBecause: z.string().nullable(),
      }),
    ),
    /** Of the last hour, most frequent first; at most 50. */
    refusals: z.array(z.object({ reason: z.string(), code: z.int(), count: z.int() })),
    /** Entities with too many operations that did not land; at most 100. */
    reputation: z.array(
      z.object({
        address: addressText,
        status: z.enum(['throttled', 'banned']),
        seen: z.int(),
        included: z.int(),
      }),
    ),
    paymaster: z.string(),
  })
  .openapi('BundlerStatus')
export type BundlerStatus = z.infer<typeof bundlerStatusSchema>

export const bundlerViewSchema = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('connected'), url: z.string(), status: bundlerStatusSchema }),
    /** No `--bundler-url`. */
    z.object({ state: z.literal('notConnected'), hint: z.string() }),
    /** One that does not answer, or is not ours. */
    z.object({ state: z.literal('unreachable'), url: z.string(), problem: z.string() }),
  ])
  .openapi('Bundler')
export type BundlerView = z.infer<typeof bundlerViewSchema>
