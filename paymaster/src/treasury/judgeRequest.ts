// Whether a treasury transaction makes sense as things are: who is told here need not pay for a transaction to find out.
import type { Result } from '@worldland-aa/service/result'
import { getAddress, zeroAddress } from 'viem'
import { aboutField } from '../admin/adminError.ts'
import { type OperatorRefusal, refuseOperator } from '../admin/operatorRefusal.ts'
import type { TransactionRequest } from '../admin/treasury/schema.ts'
import { type FieldProblemCode, fieldProblem, type ProblemValues } from '../problems/fieldProblems.ts'
import type { SignerStanding } from '../signing/signers.ts'
import type { TreasuryFacts } from './treasuryFacts.ts'

/** No contract here counts further. */
const mostWei = 2n ** 112n

export type Judged = {
  readonly request: TransactionRequest
  readonly facts: TreasuryFacts
  /** Who has spent out of a tank, where the request asks for it. */
  readonly spenders: number
  readonly signer: SignerStanding | undefined
  /** A signer is removed though what it signed may still land: its key is in wrong hands. */
  readonly isEmergency: boolean
}

/** Why not; undefined where nothing speaks against it. */
export function judgeRequest(judged: Judged): Result<never> | undefined {
  const { request, facts } = judged
  if ('recipient' in request && getAddress(request.recipient) === zeroAddress) {
    return impossible('recipient', 'nobodysAddress')
  }
  if ('amountWei' in request) {
    const amountWei = BigInt(request.amountWei)
    if (amountWei > mostWei) return impossible('amountWei', 'moreThanExists')
    if (amountWei === 0n && request.kind !== 'addStake') {
      return impossible('amountWei', 'nothingMoved')
    }
    if (request.kind === 'withdrawDeposit') return judgeWithdrawal(amountWei, facts)
    if (request.kind === 'withdrawRevenue' || request.kind === 'refillFromRevenue') {
      return judgeRevenue(amountWei, facts)
    }
  }
  if (request.kind === 'setLeaderTip') return judgeTip(request)
  if (request.kind === 'addStake') return judgeStake(request.unstakeDelaySeconds, facts)
  if (request.kind === 'unlockStake' && !facts.stake.isLocked) {
    return conflict('notStaked', 'There is no locked stake', 'nothing is to be unlocked')
  }
  if (request.kind === 'withdrawStake') return judgeStakeWithdrawal(facts)
  if (request.kind === 'collectFromTanks' && judged.spenders === 0) {
    return conflict('nothingSpent', 'No gas tank has spent more than collecting it costs', 'wait for more')
  }
  if (request.kind === 'trustSigner') return judgeTrust(judged)
  if (request.kind === 'removeSigner') return judgeRemoval(judged)
  return undefined
}

/** What is signed for is a promise: it may land at any time until it has expired. */
function judgeWithdrawal(amountWei: bigint, { deposit }: TreasuryFacts): Result<never> | undefined {
  const { totalWei, heldWei, freeWei } = deposit
  if (amountWei <= freeWei) return undefined
  return conflict(
    'depositHeld',
    `Of the deposit of ${totalWei} wei, ${heldWei} wei are held for what is signed for and may still land, so ${amountWei} wei cannot be taken`,
    freeWei === 0n ? 'wait until some of it has landed or expired' : `take ${freeWei} wei at the most`,
    'amountWei',
  )
}

function judgeRevenue(amountWei: bigint, { revenueWei, tanks }: TreasuryFacts): Result<never> | undefined {
  if (amountWei <= revenueWei) return undefined
  return conflict(
    'revenueTooLow',
    `The revenue is ${revenueWei} token wei, less than ${amountWei}: the ${tanks.totalWei} in tanks belong to their accounts until they are spent and collected`,
    `take ${revenueWei} at the most, or collect from tanks first`,
    'amountWei',
  )
}

function judgeTip({
  registry,
  tipWei,
}: TransactionRequest & { kind: 'setLeaderTip' }): Result<never> | undefined {
  if (BigInt(tipWei) > mostWei) return impossible('tipWei', 'moreThanExists')
  if (BigInt(tipWei) === 0n || getAddress(registry) !== zeroAddress) return undefined
  return impossible('registry', 'noRegistry')
}

function judgeStake(delay: number | undefined, { stake }: TreasuryFacts): Result<never> | undefined {
  if (delay === undefined || delay >= stake.unstakeDelaySeconds) return undefined
  return impossible('unstakeDelaySeconds', 'delayShorter', { least: String(stake.unstakeDelaySeconds) })
}

function judgeStakeWithdrawal({ stake, timestamp }: TreasuryFacts): Result<never> | undefined {
  if (stake.amountWei === 0n) return conflict('notStaked', 'There is no stake', 'nothing is to be taken')
  if (stake.withdrawableAtSeconds === undefined) {
    return conflict('stakeLocked', 'The stake is locked', 'unlock it first, and wait until its delay is over')
  }
  if (stake.withdrawableAtSeconds <= timestamp) return undefined
  return conflict(
    'stakeLocked',
    `The stake is unlocked, and stays until ${new Date(stake.withdrawableAtSeconds * 1000).toISOString()}`,
    'wait until then',
  )
}

function judgeTrust({ request, signer }: Judged): Result<never> | undefined {
  if (request.kind !== 'trustSigner') return undefined
  if (getAddress(request.signer) === zeroAddress) {
    return impossible('signer', 'nobodysAddress')
  }
  if (signer?.isTrusted !== true) return undefined
  return conflict('alreadyTrusted', `The contract trusts ${signer.address} already`, 'nothing is to be sent')
}

function judgeRemoval({ signer, isEmergency }: Judged): Result<never> | undefined {
  if (signer === undefined) return undefined
  if (!signer.isTrusted) {
    return conflict('notTrusted', `The contract does not trust ${signer.address}`, 'nothing is to be removed')
  }
  if (isEmergency) return undefined
  if (signer.isActive) {
    return conflict(
      'signerActive',
      `${signer.address} signs at the moment: removed, nothing more is signed and what it signed does not land`,
      'make another signer active first, or use the kill switch where its key is in wrong hands',
    )
  }
  if (signer.isExpired) return undefined
  const until = new Date((signer.lastValidUntil ?? 0) * 1000).toISOString()
  return conflict(
    'signaturesValid',
    `What ${signer.address} has signed may land until ${until}, and would make a bundle fail if it were removed now`,
    'wait until a final block is later than that, or use the kill switch where its key is in wrong hands',
  )
}

function impossible(field: string, code: FieldProblemCode, values: ProblemValues = {}): Result<never> {
  const about = aboutField(field, fieldProblem(code, values))
  return refuseOperator({ ...about, status: 400, code: 'impossible', hint: 'mend it and try again' })
}

function conflict(
  code: OperatorRefusal['code'],
  message: string,
  hint: string,
  field?: string,
): Result<never> {
  const refusal: OperatorRefusal = { status: 409, code, message, hint }
  return refuseOperator(field === undefined ? refusal : { ...refusal, field })
}
