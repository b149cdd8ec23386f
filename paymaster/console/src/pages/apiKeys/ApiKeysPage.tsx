// The page is being written.
import { Loading } from '../../components/Loading.tsx'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { pageWords } from '../../layout/pages.ts'

export function ApiKeysPage() {
  const words = useWords(pageWords)
  return (
    <Page title={words.apiKeys}>
      <Loading />
    </Page>
  )
}
