// Who asks, of all who may hold a right to a lease or session: judged by a signed statement, from what costs nothing to what
// costs most. A contract is asked about a signature only where the chain says that it holds a right: strangers must not
// have us run their code.
import type { RightAct } from '@worldland-aa/sdk/actions/rights/rightActs'
import { accessStatementTypedData } from '@worldland-aa/sdk/serving/accessStatement'
import type { Clock } from '@worldland-aa/service/clock'
import { type Address, type Hex, hashTypedData, type PublicClient } from 'viem'
import { isSignedByContract, isSignedByKey } from '../chain/isSignedBy.ts'
import type { Outcome } from '../outcome.ts'
import type { Authorisations } from './authorisations.ts'
import { readStatementHeader } from './statementHeader.ts'
import type { UsedStatements } from './usedStatements.ts'

export type WantedHolder = {
  /** InstanceLease or ServerlessSession. */
  readonly market: Address
  readonly agreementId: bigint
  /** The statement's first word. */
  readonly purpose: string
  /** What the right must allow. Default: `use`. */
  readonly acts?: readonly RightAct[] | undefined
  /** Default: the whole of the lease or session. */
  readonly endpointHash?: Hex | undefined
  /** Whether the statement may be shown again until it is too old. Default: false, it is good once. */
  readonly isReusable?: boolean | undefined
}

export type Holder = {
  readonly user: Address
  /** What the statement says after its purpose; empty where it says nothing. */
  readonly detail: string
  /** What an answer is to be sealed to; zero where it names none. */
  readonly key: Hex
}

/** 401: say who you are, and how; 403: it is clear who asks, and he may not. */
export type HolderRefusal = { readonly status: 401 | 403; readonly message: string }

export type Holders = {
  /** Throws where the node does not answer. */
  holderOf(
    request: { readonly headers: Pick<Headers, 'get'> },
    wanted: WantedHolder,
  ): Promise<Outcome<Holder, HolderRefusal>>
}

export const validSeconds = 300
/** Clocks differ. */
const aheadSeconds = 60

export function createHolders(options: {
  readonly client: PublicClient
  readonly chainId: number
  /** Where this provider is reached from outside; known once its door is open. */
  readonly publicUrl: () => string
  readonly authorisations: Pick<Authorisations, 'isAuthorized'>
  readonly usedStatements: UsedStatements
  readonly clock: Clock
}): Holders {
  const { client, chainId, authorisations, usedStatements, clock } = options

  return {
    async holderOf({ headers }, wanted) {
      const read = readStatementHeader(headers.get('authorization'))
      if (!read.ok) return refused(401, read.refusal)
      const { statement, signature } = read.value
      const [purpose = '', ...words] = statement.purpose.split(' ')
      if (purpose !== wanted.purpose) {
        return refused(401, `The statement is for "${purpose}", not for "${wanted.purpose}": sign another`)
      }
      const { origin } = new URL(options.publicUrl())
      if (statement.origin !== origin) {
        return refused(401, `The statement is for another address than ${origin}: sign one for this provider`)
      }
      if (statement.agreementId !== wanted.agreementId) {
        return refused(
          401,
          `The statement is not for ${wanted.agreementId}, which is asked for: sign another`,
        )
      }
      const ageSeconds = BigInt(Math.floor(clock.now() / 1000)) - statement.issuedAt
      if (ageSeconds > validSeconds) {
        return refused(401, `The statement was signed more than ${validSeconds} seconds ago: sign another`)
      }
      if (ageSeconds < -aheadSeconds) {
        return refused(
          401,
          `The statement is dated ahead of this provider's clock: set yours, and sign another`,
        )
      }
      const { user } = statement
      const { market, agreementId, acts, endpointHash } = wanted
      const hash = hashTypedData(accessStatementTypedData({ chainId, market, statement }))
      const signed = { user, hash, signature }
      const isKeys = await isSignedByKey(signed)
      const isAuthorized = await authorisations.isAuthorized({
        market,
        agreementId,
        user,
        acts,
        endpointHash,
      })
      if (!isKeys && !(isAuthorized && (await isSignedByContract(client, signed)))) {
        return refused(401, `The statement is not signed by ${user}: sign it with the account that it names`)
      }
      if (!isAuthorized) {
        return refused(
          403,
          `${user} holds no right to this that is in force and allows ${acts?.join(', ') ?? 'use'}`,
        )
      }
      const goodUntilSeconds = Number(statement.issuedAt) + validSeconds
      if (!wanted.isReusable && !(await usedStatements.take(hash, goodUntilSeconds))) {
        return refused(401, 'The statement was used already: sign another for each request')
      }
      return { ok: true, value: { user, detail: words.join(' '), key: statement.key } }
    },
  }
}

function refused(status: HolderRefusal['status'], message: string): Outcome<never, HolderRefusal> {
  return { ok: false, refusal: { status, message } }
}
