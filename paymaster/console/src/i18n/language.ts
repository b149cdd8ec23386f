// Which language the console speaks: what was chosen here before, else what the browser asks for.
import { useSyncExternalStore } from 'react'
import { loadServiceTexts } from './serviceTexts.ts'

export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]

const storageKey = 'console-language'
const listeners = new Set<() => void>()
let current: Language = initialLanguage()

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage)
}

export function currentLanguage(): Language {
  return current
}

/** Once what the service says has come in it, so that no page speaks two languages. */
export async function chooseLanguage(language: Language): Promise<void> {
  await loadServiceTexts(language)
  current = language
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function initialLanguage(): Language {
  // Formatters are tested without a page.
  if (typeof localStorage === 'undefined') return 'en'
  const chosen = localStorage.getItem(storageKey)
  const language =
    languages.find(one => one === chosen) ?? (navigator.language.startsWith('ko') ? 'ko' : 'en')
  document.documentElement.lang = language
  return language
}
