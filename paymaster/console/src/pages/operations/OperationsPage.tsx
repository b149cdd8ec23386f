// The explorer: the filter stands in the address bar, new rows come by themselves, a row opens into its whole story.
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { apiUrl } from '../../api/request.ts'
import { Page } from '../../components/Page.tsx'
import { useWords } from '../../i18n/words.ts'
import { OperationDrawer } from './detail/OperationDrawer.tsx'
import { Filters } from './Filters.tsx'
import { OperationTable } from './OperationTable.tsx'
import { filterOf, type OperationsSearch } from './search.ts'
import { operationsWords } from './words.ts'

const route = getRouteApi('/operations')

export function OperationsPage() {
  const words = useWords(operationsWords)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const filter = filterOf(search)
  const change = (changed: OperationsSearch): void => {
    void navigate({ search: before => ({ ...before, ...changed }), replace: true })
  }
  // A row is a step: “back” closes it.
  const open = (id: string | undefined): void => {
    void navigate({ search: before => ({ ...before, open: id }) })
  }
  return (
    <Page
      title={words.title}
      description={words.description}
      actions={
        <Button
          component="a"
          href={apiUrl('operations.csv', filter)}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {words.export}
        </Button>
      }
    >
      <Filters
        filter={filter}
        onChange={change}
        onClear={() => void navigate({ search: {}, replace: true })}
      />
      <OperationTable filter={filter} onOpen={open} />
      <OperationDrawer id={search.open} onClose={() => open(undefined)} />
    </Page>
  )
}
