// A change: sends it, makes old what it touches, and says what went wrong where nobody else does.
import { notifications } from '@mantine/notifications'
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { explain, sentenceOf } from '../components/explain.ts'
import { commonWords } from '../i18n/commonWords.ts'
import { useLanguage } from '../i18n/language.ts'
import { useWords } from '../i18n/words.ts'
import { type RequestOptions, request } from './request.ts'

export type Change = { readonly path: string } & RequestOptions

export type ChangeOptions<Answer, Input> = {
  /** The request that an input makes. */
  readonly change: (input: Input) => Change
  /** Paths below /api/v1/ whose answers are old now. */
  readonly touches: readonly string[]
  readonly onDone?: (answer: Answer, input: Input) => void
  /** Said once it is done. */
  readonly done?: string
  /** The caller shows the error itself: beside a field, as a choice. */
  readonly showsError?: boolean
}

export function useApiChange<Answer = unknown, Input = void>(
  options: ChangeOptions<Answer, Input>,
): UseMutationResult<Answer, Error, Input> {
  const client = useQueryClient()
  const words = useWords(commonWords)
  const language = useLanguage()
  return useMutation<Answer, Error, Input>({
    mutationFn: input => {
      const { path, ...rest } = options.change(input)
      return request<Answer>(path, { method: 'POST', ...rest })
    },
    onSuccess(answer, input) {
      for (const path of options.touches) {
        void client.invalidateQueries({
          predicate: ({ queryKey }) => {
            const key = String(queryKey[0])
            return key === path || key.startsWith(`${path}/`)
          },
        })
      }
      if (options.done !== undefined) notifications.show({ message: options.done, color: 'teal' })
      options.onDone?.(answer, input)
    },
    onError(error) {
      if (options.showsError) return
      notifications.show({
        title: words.notSaved,
        message: sentenceOf(explain(error, language)),
        color: 'red',
        autoClose: 12_000,
      })
    },
  })
}
