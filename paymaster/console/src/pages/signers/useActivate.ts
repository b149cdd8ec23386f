// Has a signer sign from now on.
import { useApiChange } from '../../api/useApiChange.ts'
import { useWords } from '../../i18n/words.ts'
import { signerWords } from './words.ts'

export function useActivate() {
  const { activate } = useWords(signerWords).rotation.steps
  return useApiChange<unknown, string>({
    change: address => ({ path: `signers/${address}/activate` }),
    touches: ['signers'],
    done: activate.done,
  })
}
