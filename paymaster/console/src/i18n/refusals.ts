// Why the paymaster says no, and what to do about it, in the languages that it does not speak itself. What it says names the
// figures as well, and so stands beside.
import type { RefusalReason } from '../../../src/admin/operations/schema.ts'
import type { Language } from './language.ts'

/** One that lacks a reason is a type error. */
const korean: Readonly<Record<RefusalReason, string>> = {
  paused: '서명이 일시 중지되어 있습니다. 운영자가 다시 시작할 때까지 기다리세요.',
  blocked: '운영자가 이 발신자나 호출자를 차단했습니다. 차단을 풀려면 운영자에게 문의하세요.',
  starting: '서비스가 아직 시작하는 중입니다. 잠시 후 다시 시도하세요.',
  signerRevoked: '컨트랙트가 서명 키를 더 이상 신뢰하지 않습니다. 소유자가 서명 키를 다시 추가해야 합니다.',
  noPolicy: '이 오퍼레이션을 대납하는 정책이 없습니다. 정책을 지정하거나 토큰으로 내세요.',
  unknownPolicy: '그런 정책이 없습니다. 정책 ID를 확인하세요.',
  policyNotOfKey: '이 API 키로는 이 정책을 쓸 수 없습니다. 다른 키나 다른 정책을 쓰세요.',
  policyNotInForce: '이 정책은 지금 시행 중이 아닙니다. 시행 시간을 확인하세요.',
  senderNotAllowed: '정책이 이 발신자를 허용하지 않습니다. 발신자를 정책에 추가하거나 다른 정책을 쓰세요.',
  factoryNotAllowed:
    '정책이 이 팩토리를 허용하지 않습니다. 팩토리를 정책에 추가하거나 먼저 계정을 배포하세요.',
  unknownCallEncoding: '계정의 호출을 해석할 수 없습니다. SimpleAccount, ERC-7579, Safe 형식을 쓰세요.',
  callNotAllowed: '정책에 없는 호출이 들어 있습니다. 함수를 정책에 추가하거나 호출을 빼세요.',
  argumentNotAllowed: '호출의 인수가 정책의 조건에 맞지 않습니다. 인수나 조건을 고치세요.',
  valueTooHigh: '정책이 허용하는 것보다 많은 코인을 보냅니다. 금액을 줄이세요.',
  apiKeyNotAllowed: '정책이 이 API 키를 허용하지 않습니다. 다른 키를 쓰거나 키를 정책에 추가하세요.',
  accountKindNotAllowed: '정책이 이 종류의 계정을 허용하지 않습니다. 다른 계정을 쓰세요.',
  providerNotAllowed: '정책이 이 제공자나 그 가격을 허용하지 않습니다. 다른 제공자를 고르세요.',
  spendTooHigh: '호출이 정책의 한도보다 많은 토큰을 씁니다. 금액을 줄이거나 한도를 올리세요.',
  senderBanned: '이 발신자는 앞선 실패 때문에 얼마 동안 기다려야 합니다.',
  webhookRefused: '정책의 웹훅이 승인하지 않았거나 응답하지 않았습니다. 웹훅을 확인하세요.',
  gasLimitTooHigh: '가스 한도가 필요한 것보다 높습니다. 다시 추정하거나 낮추세요.',
  feeTooHigh: '수수료가 네트워크의 수준보다 높습니다. 낮추세요.',
  feeTooLow: '수수료가 다음 블록이 요구하는 것보다 낮습니다. 올리세요.',
  costTooHigh: '오퍼레이션 하나의 비용이 정책의 한도를 넘습니다. 가스를 줄이거나 한도를 올리세요.',
  budgetUsedUp: '예산이 남지 않았습니다. 처리 중인 오퍼레이션이 끝나면 다시 시도하거나 예산을 올리세요.',
  depositUsedUp: '가스 예치금이 남지 않았습니다. 예치금을 채우세요.',
  nonceUsed: '이미 쓴 논스입니다. 다음 논스를 쓰세요.',
  nonceTooFar: '논스가 다음 논스보다 너무 앞서 있습니다. 다음 논스를 쓰세요.',
  noAccount: '그 주소에 계정이 없거나 이미 배포되어 있습니다. factory와 factoryData를 확인하세요.',
  tokenBalanceTooLow: '발신자의 토큰 잔액이 부족합니다. 토큰을 채우세요.',
  tokenNotApproved: '발신자가 페이마스터에 토큰 사용을 승인하지 않았습니다. 승인을 같은 묶음에 넣으세요.',
  debtTooHigh: '발신자의 미납금이 한도를 넘습니다. 먼저 갚아야 합니다.',
  tankTooLow: '발신자의 가스 탱크에 남은 금액이 부족합니다. 탱크를 채우세요.',
  tokenNotAccepted: '지금은 이 토큰으로 가스를 낼 수 없습니다. 다른 토큰을 쓰세요.',
  priceUnavailable: '이 토큰의 가격을 알 수 없습니다. 토큰 페이지에서 가격 출처를 확인하세요.',
  priceStale: '이 토큰의 가격이 오래되었습니다. 토큰 페이지에서 가격 출처를 확인하세요.',
  priceDeviates: '이 토큰의 가격 출처들이 서로 다릅니다. 토큰 페이지에서 확인하세요.',
  chainMoved: '결정하는 동안 새 블록이 나왔습니다. 다시 요청하세요.',
  policyChanged: '결정하는 동안 정책이 바뀌었습니다. 다시 요청하세요.',
  executionWouldFail:
    '미리 실행해 보니 오퍼레이션이 실패합니다. 호출을 고치거나 앞선 거래가 처리될 때까지 기다리세요.',
}

const known: Readonly<Record<string, string>> = Object.assign(Object.create(null), korean)

/** Undefined where the service's own words are the reader's, or know a reason that is newer than this console. */
export function refusalIn(language: Language, reason: string | null): string | undefined {
  return language === 'ko' && reason !== null ? known[reason] : undefined
}
