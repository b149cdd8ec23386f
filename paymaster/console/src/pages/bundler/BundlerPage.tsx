// How signed operations get on chain: looked at every few seconds, for the bundler tells nobody by itself.
import { Alert, SimpleGrid } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { BundlerView } from '../../../../src/admin/bundler/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { BundleTable } from './BundleTable.tsx'
import { ExecutorTable } from './ExecutorTable.tsx'
import { HeadSection } from './HeadSection.tsx'
import { MempoolSection } from './MempoolSection.tsx'
import { RefusalSection } from './RefusalSection.tsx'
import { ReputationSection } from './ReputationSection.tsx'
import { bundlerWords } from './words.ts'

const lookMilliseconds = 4_000

export function BundlerPage() {
  const words = useWords(bundlerWords)
  const query = useApiQuery<BundlerView>({ path: 'bundler', live: ['block'] })
  const client = useQueryClient()
  useEffect(() => {
    const look = setInterval(() => {
      if (!document.hidden) void client.invalidateQueries({ queryKey: ['bundler'] })
    }, lookMilliseconds)
    return () => clearInterval(look)
  }, [client])
  return (
    <Page title={words.title} description={words.intro}>
      <Answer query={query}>{view => <Shown view={view} />}</Answer>
    </Page>
  )
}

function Shown({ view }: { readonly view: BundlerView }) {
  const words = useWords(bundlerWords)
  if (view.state === 'notConnected') return <Empty title={words.notConnected}>{words.notConnectedNext}</Empty>
  if (view.state === 'unreachable') {
    return (
      <Alert
        color="red"
        role="alert"
        icon={<IconPlugConnectedX aria-hidden />}
        title={words.unreachable}
        className="wraps"
      >
        {words.unreachableNext(view.url)} {view.problem}
      </Alert>
    )
  }
  const { status, url } = view
  return (
    <>
      <HeadSection url={url} status={status} />
      <MempoolSection mempool={status.mempool} />
      <BundleTable bundles={status.bundles} />
      <ExecutorTable executors={status.executors} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <RefusalSection refusals={status.refusals} />
        <ReputationSection reputation={status.reputation} />
      </SimpleGrid>
    </>
  )
}
