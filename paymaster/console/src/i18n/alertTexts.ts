// What an alert says, in the languages that the service does not speak itself: by its kind, its figure, and what it is about.
import type { AlertKind } from '../../../src/admin/alerts/schema.ts'
import { coinSymbol } from '../format/coinSymbol.ts'
import { coinDecimals, exactUnits, shortUnits } from '../format/wei.ts'
import type { Language } from './language.ts'

export type ToldAlert = {
  readonly kind: string
  readonly subject: string | null
  readonly value: string
  /** As the service says it. */
  readonly title: string
}
type Told = { readonly title: string; readonly text: string }

const coins = (wei: string): string => `${shortUnits(wei, coinDecimals)} ${coinSymbol}`

type Tell = (alert: ToldAlert) => Told

/** One that lacks a kind is a type error. */
const korean: Readonly<Record<AlertKind, Tell>> = {
  runwayShort: ({ value }) => ({
    title: `가스 예치금이 ${value}일 버팁니다`,
    text: '최근 24시간의 소모량으로 계산한 값입니다. 예치금을 채우거나 정책의 예산을 낮추세요.',
  }),
  depositLow: ({ value }) => ({
    title: `가스 예치금이 부족합니다: 사용 가능 ${coins(value)}`,
    text: '나머지는 처리 중인 오퍼레이션에 묶여 있습니다. 채우세요. 0이 되면 아무것도 서명하지 않습니다.',
  }),
  budgetNearlyUsed: ({ value, subject }) => ({
    title: `정책 예산의 ${value}%가 쓰였거나 묶였습니다${subject === null ? '' : ` (${subject.split('/')[0]})`}`,
    text: '정책의 예산을 올리거나, 다 쓰면 거절하도록 두세요.',
  }),
  refusalRateHigh: ({ value }) => ({
    title: `요청의 ${value}%가 거절되었습니다`,
    text: '거절된 오퍼레이션을 살펴보세요. 어느 규칙이 왜 거절했는지 나와 있습니다.',
  }),
  unpaidCharge: ({ value }) => ({
    title: `미납 요금 ${coins(value)}`,
    text: '최근 24시간의 오퍼레이션이 토큰으로 내지 않은 금액입니다. 오퍼레이션에서 누구인지 찾아 차단하거나 --deferred-per-sender-wei를 낮추세요.',
  }),
  priceStale: ({ value, subject }) => ({
    title: `${value}초 동안 토큰 가격이 없습니다${subject === null ? '' : ` (${subject})`}`,
    text: '그동안 이 토큰으로는 서명하지 않습니다. 토큰 페이지에서 가격 출처를 확인하세요.',
  }),
  ledgerDrift: ({ value }) => ({
    title: `원장과 체인이 ${exactUnits(value, coinDecimals)} ${coinSymbol} 다릅니다`,
    text: '금고 페이지의 대사에서 이를 설명하는 거래를 볼 수 있습니다.',
  }),
  signerRevoked: () => ({
    title: '컨트랙트가 서명 키를 신뢰하지 않습니다',
    text: '아무것도 서명하지 않습니다. 소유자가 서명 키를 다시 추가하거나, 서비스에 다른 키를 주세요.',
  }),
  webhookGivenUp: ({ value }) => ({
    title: `웹훅이 메시지를 받지 않습니다: ${value}개 포기`,
    text: '최근 24시간의 값입니다. 전달 기록에서 응답을 보고 고친 뒤 다시 보내세요.',
  }),
}

const known: Readonly<Record<string, Tell>> = Object.assign(Object.create(null), korean)

/** Undefined where the service's own words are the reader's, or know a kind that is newer than this console. */
export function alertTextIn(language: Language, alert: ToldAlert): Told | undefined {
  return language === 'ko' ? known[alert.kind]?.(alert) : undefined
}

/** What a threshold is held against. */
const koreanMeasures: Readonly<Record<AlertKind, string>> = {
  runwayShort: '최근 24시간 소모량 기준으로 사용 가능한 예치금이 버티는 일수',
  depositLow: '처리 중인 오퍼레이션에 묶이지 않은 예치금',
  budgetNearlyUsed: '정책의 전체 예산 중 해당 기간에 쓰였거나 묶인 비율',
  refusalRateHigh: '이번 시간과 직전 시간에 거절된 요청의 비율(요청이 충분할 때)',
  unpaidCharge: '최근 24시간에 확정된 오퍼레이션이 토큰으로 내야 했으나 내지 않은 금액',
  priceStale: '받는 토큰에 서명할 가격이 없었던 시간',
  ledgerDrift: '마지막 대사에서 원장과 체인이 어긋난 금액',
  signerRevoked: '컨트랙트가 서명 키를 신뢰하지 않는 동안 1',
  webhookGivenUp: '최근 24시간에 한 웹훅으로 전달을 포기한 메시지 수',
}

/** Undefined as above. */
export function measureIn(language: Language, kind: string): string | undefined {
  const measures: Readonly<Record<string, string>> = koreanMeasures
  return language === 'ko' ? measures[kind] : undefined
}
