// What stood in the way of a passkey or a wallet, in words.
import { explain, sentenceOf } from '../components/explain.ts'
import type { Language } from '../i18n/language.ts'
import { isRefusedByPerson } from './passkey.ts'
import { isRefusedInWallet } from './wallet.ts'
import { waysInWords } from './words.ts'

export function explainRefusal(error: unknown, language: Language): string {
  if (isRefusedByPerson(error)) return waysInWords[language].refusedByPerson
  if (isRefusedInWallet(error)) return waysInWords[language].refusedInWallet
  return sentenceOf(explain(error, language))
}
