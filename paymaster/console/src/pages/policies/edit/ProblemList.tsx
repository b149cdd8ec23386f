// What the service finds wrong, field by field; each leads to its place in the text.
import { Alert, Anchor, List, Text } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react'
import { useWords } from '../../../i18n/words.ts'
import type { Draft } from '../useDraft.ts'
import { editWords } from './words.ts'

export function ProblemList({
  draft,
  onSeek,
}: {
  readonly draft: Draft
  readonly onSeek: (field: string) => void
}) {
  const words = useWords(editWords)
  const { problems, isChanged, isChecking } = draft
  return (
    <div aria-live="polite">
      {problems.length > 0 && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={words.problems}>
          <List size="sm" spacing={4} listStyleType="none">
            {problems.map(({ field, problem }) => (
              <List.Item key={`${field} ${problem}`}>
                {field === '' ? (
                  <strong>{words.whole}</strong>
                ) : (
                  <Anchor
                    component="button"
                    type="button"
                    inherit
                    c="inherit"
                    underline="always"
                    title={words.goTo(field)}
                    onClick={() => onSeek(field)}
                  >
                    <span className="hex">{field}</span>
                  </Anchor>
                )}{' '}
                {problem}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {problems.length === 0 && isChanged && (
        <Text size="sm" c="dimmed" className="all-well">
          {!isChecking && <IconCircleCheck size={18} aria-hidden />}{' '}
          {isChecking ? words.checking : words.valid}
        </Text>
      )}
    </div>
  )
}
