// Writes a policy, as a form for what is usual or as JSON for everything; both show what the service finds in it.
import { Grid, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import type { PolicyDetail } from '../../../../../src/admin/policies/schema.ts'
import { useWords } from '../../../i18n/words.ts'
import type { Draft } from '../useDraft.ts'
import { policiesWords } from '../words.ts'
import { FieldHelp } from './FieldHelp.tsx'
import { PolicyForm } from './form/PolicyForm.tsx'
import { JsonEditor } from './JsonEditor.tsx'
import { ProblemList } from './ProblemList.tsx'
import { SaveBar } from './SaveBar.tsx'

export function EditTab({
  policy,
  draft,
}: {
  readonly policy: PolicyDetail | undefined
  readonly draft: Draft
}) {
  const words = useWords(policiesWords)
  const [view, setView] = useState<'form' | 'json'>('form')
  const [sought, setSought] = useState<string>()
  return (
    <Stack>
      <SegmentedControl
        aria-label={words.view}
        value={view}
        w="fit-content"
        data={[
          { value: 'form', label: words.form },
          { value: 'json', label: words.json },
        ]}
        onChange={value => setView(value === 'json' ? 'json' : 'form')}
      />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          {view === 'form' ? (
            <PolicyForm draft={draft} isNew={policy === undefined} />
          ) : (
            <JsonEditor draft={draft} sought={sought} onFound={() => setSought(undefined)} />
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack className="beside">
            <ProblemList
              draft={draft}
              onSeek={field => {
                setView('json')
                setSought(field)
              }}
            />
            <SaveBar policy={policy} draft={draft} />
            <FieldHelp />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
