// An error as a sentence and what to do about it, in the reader's language where the console itself knows it.
import { ApiError, ServerGoneError } from '../api/apiError.ts'
import type { Language } from '../i18n/language.ts'
import { adminErrorIn, fieldProblemIn } from '../i18n/refusals.ts'
import { dictionary } from '../i18n/words.ts'

const words = dictionary(
  {
    gone: 'The paymaster does not answer',
    goneRemedy: 'See that the service runs and that this machine reaches it. This page goes on by itself.',
    unknown: 'The console made a mistake',
    unknownRemedy: 'Reload the page; what was saved is safe.',
  },
  {
    gone: '페이마스터가 응답하지 않습니다',
    goneRemedy:
      '서비스가 실행 중인지, 이 기기에서 접속할 수 있는지 확인하세요. 연결되면 자동으로 이어집니다.',
    unknown: '콘솔에 문제가 생겼습니다',
    unknownRemedy: '페이지를 새로 고치세요. 저장한 내용은 그대로 남아 있습니다.',
  },
)

export type Explained = {
  readonly message: string
  readonly remedy: string
  /** The service's own words, where the message is not. */
  readonly original?: string
  /** What is wrong with the field that is named, in the reader's language. */
  readonly ofField?: string
}

export function explain(error: unknown, language: Language): Explained {
  const { gone, goneRemedy, unknown, unknownRemedy } = words[language]
  if (error instanceof ApiError) {
    const { message, refusal } = error
    const [remedy, told] = [asSentence(refusal.hint), adminErrorIn(language, refusal.code)]
    if (told === undefined) return { message, remedy }
    const ofField = fieldProblemIn(language, refusal.problem)
    if (ofField !== undefined) return { message: told, remedy: ofField, ofField }
    return { message: told, remedy: `${asSentence(message)} ${remedy}`.trim(), original: message }
  }
  if (error instanceof ServerGoneError) return { message: gone, remedy: goneRemedy }
  return {
    message: `${unknown}: ${error instanceof Error ? error.message : String(error)}`,
    remedy: unknownRemedy,
  }
}

/** All of it, in one line. */
export function sentenceOf({ message, remedy }: Explained): string {
  return `${asSentence(message)} ${remedy}`.trim()
}

export function asSentence(hint: string): string {
  if (hint === '') return ''
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}${/[.!?]$/.test(hint) ? '' : '.'}`
}
