// For whom nothing is signed.
import './lists.css'
import { Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useBrake } from '../../api/brake.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Answer } from '../../components/Answer.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { settingsWords } from './words.ts'

export function Blocked() {
  const words = useWords(settingsWords).steering
  const query = useBrake()
  const [who, setWho] = useState('')
  const block = useApiChange<unknown, string>({
    change: one => ({ path: 'brake/block', body: { who: one } }),
    touches: ['brake'],
    showsError: true,
    onDone: () => setWho(''),
  })
  const unblock = useApiChange<unknown, string>({
    change: one => ({ path: 'brake/unblock', body: { who: one } }),
    touches: ['brake'],
  })
  const errors = useFieldErrors(block.error, ['who'])
  return (
    <Section title={words.blockedTitle} description={words.blockedText}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (who.trim() !== '') block.mutate(who.trim())
        }}
      >
        <Group gap="xs" align="flex-start">
          <TextInput
            flex={1}
            miw={220}
            aria-label={words.who}
            placeholder={words.who}
            value={who}
            maxLength={64}
            spellCheck={false}
            onChange={event => setWho(event.currentTarget.value)}
            error={errors.of('who') ?? errors.rest}
          />
          <RoleButton least="operator" type="submit" color="red" variant="light" loading={block.isPending}>
            {words.block}
          </RoleButton>
        </Group>
      </form>
      <Answer query={query}>
        {({ blocked }) =>
          blocked.length === 0 ? (
            <Nothing title={words.none}>{words.noneNext}</Nothing>
          ) : (
            <Stack gap="xs" component="ul" className="plain-list">
              {blocked.map(one => (
                <Group key={one} justify="space-between" gap="xs" component="li">
                  <Text size="sm" className="hex whole">
                    {one}
                  </Text>
                  <RoleButton
                    least="operator"
                    size="xs"
                    variant="default"
                    aria-label={words.unblockOf(one)}
                    onClick={() => unblock.mutate(one)}
                  >
                    {words.unblock}
                  </RoleButton>
                </Group>
              ))}
            </Stack>
          )
        }
      </Answer>
    </Section>
  )
}
