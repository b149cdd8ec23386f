// Treasury transactions as the owner's wallet signs them: what they call, what they do in words, and what the chain would
// do with them now.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, getAddress, type PublicClient } from 'viem'
import type { PreparedTransaction, TransactionRequest } from '../admin/treasury/schema.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Signers } from '../signing/signers.ts'
import type { ContractFacts } from './contractFacts.ts'
import { judgeRequest } from './judgeRequest.ts'
import { type Call, callOf, senders } from './requests.ts'
import { simulate } from './simulate.ts'
import { findSpentTanks } from './spentTanks.ts'
import { readTreasuryFacts, type TreasuryFacts } from './treasuryFacts.ts'

export type Prepared = {
  readonly transaction: PreparedTransaction
  readonly call: Call
  readonly facts: TreasuryFacts
}

export type Preparer = {
  facts(): Promise<TreasuryFacts>
  /** `from` simulates as if sent by that one. */
  prepare(
    request: TransactionRequest,
    how?: { readonly isEmergency?: boolean; readonly from?: Address },
  ): Promise<Result<Prepared>>
}

export function createPreparer(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly ledger: Pick<Ledger, 'position' | 'tankSenders'>
  readonly signers: Pick<Signers, 'all'>
  readonly treasury: Address | undefined
  /** Of a stake, where the request names none. */
  readonly unstakeDelaySeconds: number
}): Preparer {
  const { client, ledger } = options
  const { chainId, paymaster, entryPoint, token } = options.facts
  const facts = (): Promise<TreasuryFacts> =>
    readTreasuryFacts({ client, entryPoint, paymaster, ledger, treasury: options.treasury })

  async function spenders(request: TransactionRequest): Promise<readonly Address[]> {
    if (request.kind !== 'collectFromTanks') return []
    if (request.accounts !== undefined) return request.accounts.map(account => getAddress(account))
    return await findSpentTanks({ client, paymaster, senders: await ledger.tankSenders() })
  }

  return {
    facts,
    async prepare(request, { isEmergency = false, from } = {}) {
      const [now, accounts] = await Promise.all([facts(), spenders(request)])
      const named = 'signer' in request ? getAddress(request.signer) : undefined
      const refusal = judgeRequest({
        request,
        facts: now,
        spenders: accounts.length,
        signer: options.signers.all().find(({ address }) => address === named),
        isEmergency,
      })
      if (refusal !== undefined) return refusal
      const unstakeDelaySeconds = Math.max(options.unstakeDelaySeconds, now.stake.unstakeDelaySeconds)
      const call = callOf(request, { unstakeDelaySeconds, accounts, token })
      const { data, valueWei, description, says } = call
      const isOpen = senders[request.kind] === 'anybody'
      const simulated = await simulate(client, { from: from ?? now.owner, to: paymaster, data, valueWei })
      const transaction = {
        kind: request.kind,
        to: paymaster,
        data,
        valueWei: String(valueWei),
        chainId,
        ...(!isOpen && { from: now.owner }),
        description,
        says: { code: says.code, values: { ...says.values } },
        simulated,
      }
      return accept({ transaction, call, facts: now })
    },
  }
}
