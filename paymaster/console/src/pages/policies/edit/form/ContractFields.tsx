// Which contracts and functions a policy sponsors. Functions with conditions on their arguments are kept as they are.
import { Button, Fieldset, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { PolicyDefinition } from '../../../../../../src/admin/policies/schema.ts'
import { useWords } from '../../../../i18n/words.ts'
import { valueAt } from '../../definition.ts'
import type { Draft } from '../../useDraft.ts'
import { editWords } from '../words.ts'
import { linesOf, TextField } from './fields.tsx'

export function ContractFields({
  draft,
  definition,
}: {
  readonly draft: Draft
  readonly definition: PolicyDefinition
}) {
  const words = useWords(editWords)
  const value = valueAt(definition, ['contracts'])
  const contracts: readonly unknown[] = Array.isArray(value) ? value : []
  return (
    <Fieldset legend={words.what}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.whatHint}
        </Text>
        {contracts.map((_, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry of the list has no name but its place
          <Stack key={place} gap="xs" className="entry">
            <TextField
              draft={draft}
              path={['contracts', place, 'address']}
              label={words.contract}
              description={words.contractHint}
              isRequired
            />
            <FunctionsField draft={draft} place={place} definition={definition} />
            <Group justify="flex-end">
              <Button
                size="xs"
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => draft.setAt(['contracts', place], undefined)}
              >
                {words.removeContract}
              </Button>
            </Group>
          </Stack>
        ))}
        <Button
          variant="default"
          w="fit-content"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => draft.setAt(['contracts', contracts.length], { address: '', functions: ['*'] })}
        >
          {words.addContract}
        </Button>
      </Stack>
    </Fieldset>
  )
}

function FunctionsField(properties: {
  readonly draft: Draft
  readonly place: number
  readonly definition: PolicyDefinition
}) {
  const { draft, place, definition } = properties
  const words = useWords(editWords)
  const path = ['contracts', place, 'functions']
  const value = valueAt(definition, path)
  const all: readonly unknown[] = Array.isArray(value) ? value : []
  const plain = all.filter(entry => typeof entry === 'string')
  const conditional = all.filter(entry => typeof entry !== 'string')
  const [typed, setTyped] = useState(plain.join('\n'))
  const shown = linesOf(typed).join('\n') === plain.join('\n') ? typed : plain.join('\n')
  const problem = draft.problems.find(({ field }) => `${field}.`.startsWith(`${path.join('.')}.`))?.problem
  return (
    <>
      <Textarea
        label={words.functions}
        description={words.functionsHint}
        autosize
        minRows={1}
        maxRows={12}
        className="mono"
        value={shown}
        error={problem}
        onChange={event => {
          const text = event.currentTarget.value
          setTyped(text)
          draft.setAt(path, [...linesOf(text), ...conditional])
        }}
      />
      {conditional.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.conditions(conditional.length)}
        </Text>
      )}
    </>
  )
}
