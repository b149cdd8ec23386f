// The fields that most policies have. Whatever else the text holds stays as it is.
import { Alert, Fieldset, SimpleGrid, Stack, Switch } from '@mantine/core'
import { useWords } from '../../../../i18n/words.ts'
import { valueAt } from '../../definition.ts'
import type { Draft } from '../../useDraft.ts'
import { editWords } from '../words.ts'
import { ContractFields } from './ContractFields.tsx'
import { LinesField, NumberField, TextField } from './fields.tsx'
import { LimitFields } from './LimitFields.tsx'

export function PolicyForm({ draft, isNew }: { readonly draft: Draft; readonly isNew: boolean }) {
  const words = useWords(editWords)
  if (!draft.read.ok) return <Alert color="yellow">{words.jsonFirst}</Alert>
  const { definition } = draft.read
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField
          draft={draft}
          path={['id']}
          label={words.id}
          description={words.idHint}
          isReadOnly={!isNew}
          isRequired
        />
        <TextField draft={draft} path={['name']} label={words.name} isRequired />
      </SimpleGrid>
      <TextField draft={draft} path={['description']} label={words.description} />
      <Switch
        label={words.isDefault}
        checked={valueAt(definition, ['default']) === true}
        onChange={event => draft.setAt(['default'], event.currentTarget.checked || undefined)}
      />
      <ContractFields draft={draft} definition={definition} />
      <Fieldset legend={words.who}>
        <Stack>
          <LinesField
            draft={draft}
            path={['factories']}
            label={words.factories}
            description={words.factoriesHint}
            mayBeAny
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <LinesField
              draft={draft}
              path={['senders', 'allow']}
              label={words.allow}
              description={words.allowHint}
            />
            <LinesField draft={draft} path={['senders', 'block']} label={words.block} />
          </SimpleGrid>
        </Stack>
      </Fieldset>
      <Fieldset legend={words.limits}>
        <Stack>
          <TextField
            draft={draft}
            path={['limits', 'costPerOperationWei']}
            label={words.perOperation}
            description={words.amountHint}
            isRequired
          />
          <LimitFields
            draft={draft}
            definition={definition}
            path={['limits', 'global']}
            title={words.global}
            isRequired
          />
          <LimitFields
            draft={draft}
            definition={definition}
            path={['limits', 'perSender']}
            title={words.perSender}
          />
        </Stack>
      </Fieldset>
      <Fieldset legend={words.when}>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <TextField
            draft={draft}
            path={['startsAt']}
            label={words.startsAt}
            description={words.momentHint}
          />
          <TextField draft={draft} path={['endsAt']} label={words.endsAt} description={words.momentHint} />
          <NumberField
            draft={draft}
            path={['validitySeconds']}
            label={words.validity}
            description={words.validityHint}
          />
        </SimpleGrid>
      </Fieldset>
    </Stack>
  )
}
