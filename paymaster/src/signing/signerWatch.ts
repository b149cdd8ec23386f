// Whether the contract still trusts the key that signs: its owner may revoke it at any time, and from then on whatever it
// signs makes a bundle fail, for which bundlers blame the paymaster.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import { deny } from '../denial.ts'

export type SignerWatch = {
  /** Looks at the newest block. What the node does not answer changes nothing. */
  onBlock(): Promise<void>
  isTrusted(): boolean
  /** Why nothing is signed. */
  judge(): Result<never> | undefined
}

export function createSignerWatch(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly signer: Address
  readonly logger: Logger
}): SignerWatch {
  const { client, paymaster, signer, logger } = options
  // A start refuses a key that is not.
  let isTrusted = true
  return {
    async onBlock() {
      try {
        const trusted = await client.readContract({
          address: paymaster,
          abi: computePaymasterAbi,
          functionName: 'isSigner',
          args: [signer],
        })
        if (trusted === isTrusted) return
        isTrusted = trusted
        if (trusted) logger.info({ signer }, 'the paymaster trusts the signer again')
        else logger.error({ signer, paymaster }, 'the paymaster trusts the signer no more: nothing is signed')
      } catch (error) {
        logger.debug({ error }, 'whether the signer is trusted could not be read')
      }
    },
    isTrusted: () => isTrusted,
    judge() {
      if (isTrusted) return undefined
      return deny('signerRevoked', {
        problem: 'The contract of this paymaster trusts its signer no more, so nothing it signs would land',
        remedy: 'tell the operator',
      })
    },
  }
}
