// Puts what the service says of a field beside that field; what is of no field is said above the button.
import { fieldOf } from '../api/apiError.ts'
import { asSentence, explain, sentenceOf } from '../components/explain.ts'
import { useLanguage } from '../i18n/language.ts'

export type FieldErrors = {
  /** Of a field by its name, and of what is within: `limits.origins` hears of `limits.origins.2`. */
  of(field: string): string | undefined
  /** The whole sentence, where none of the named fields is meant. */
  readonly rest: string | undefined
}

export function useFieldErrors(error: unknown, fields: readonly string[]): FieldErrors {
  const language = useLanguage()
  if (error === null || error === undefined) return { of: () => undefined, rest: undefined }
  const named = fieldOf(error)
  const field = fields.find(one => named === one || named?.startsWith(`${one}.`))
  const explained = explain(error, language)
  if (field === undefined) {
    return { of: () => undefined, rest: sentenceOf(explained) }
  }
  // Beside the field its name says nothing, and the way to the format's description is for programs.
  const { message, original, ofField } = explained
  if (ofField !== undefined) return { of: one => (one === field ? ofField : undefined), rest: undefined }
  const own = asSentence((original ?? message).replace(`${named}: `, ''))
  const said = original === undefined ? own : `${message} ${own}`
  return { of: one => (one === field ? said : undefined), rest: undefined }
}
