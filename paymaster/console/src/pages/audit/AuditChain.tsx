// Whether the log is as it was written: each entry carries the hash of the one before.
import { Alert, Badge, Group, Text } from '@mantine/core'
import { IconLink, IconLinkOff } from '@tabler/icons-react'
import type { AuditCheck } from '../../../../src/admin/audit/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Hex } from '../../components/Hex.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { auditWords } from './words.ts'

export function AuditChain() {
  const words = useWords(auditWords)
  const language = useLanguage()
  const { data } = useApiQuery<AuditCheck>({ path: 'audit/check', live: ['audit'] })
  if (data === undefined) return null
  if (!data.isWhole) {
    return (
      <Alert
        color="red"
        role="alert"
        icon={<IconLinkOff aria-hidden />}
        title={words.broken(String(data.brokenAtId))}
      >
        {words.brokenNext}
      </Alert>
    )
  }
  return (
    <Group gap="sm">
      <Badge variant="light" color="teal" tt="none" leftSection={<IconLink size={12} aria-hidden />}>
        {words.whole(count(data.entries, language))}
      </Badge>
      {data.lastHash !== null && (
        <Text size="sm" c="dimmed" component="span">
          {words.lastHash}: <Hex value={data.lastHash} />
        </Text>
      )}
    </Group>
  )
}
