// One entry with all that was written down.
import { Code, Stack } from '@mantine/core'
import type { AuditItem } from '../../../../src/admin/audit/schema.ts'
import { Facts } from '../../components/Facts.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { exactTime } from '../../format/time.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { auditWords } from './words.ts'

export function AuditDetail({ item, onClose }: { readonly item: AuditItem; readonly onClose: () => void }) {
  const words = useWords(auditWords)
  const { roles } = useWords(commonWords)
  const language = useLanguage()
  return (
    <Dialog opened onClose={onClose} title={words.details(item.action)}>
      <Stack gap="md">
        <Facts
          facts={[
            { name: words.id, value: String(item.id) },
            { name: words.columns.when, value: exactTime(item.atSeconds, language) },
            { name: words.columns.who, value: `${item.actorName} (${item.actorId})` },
            { name: words.role, value: roles[item.actorRole] },
            { name: words.columns.subject, value: item.subject ?? '–' },
            { name: words.hash, value: <Hex value={item.hash} isWhole /> },
          ]}
        />
        <Code block className="wraps" tabIndex={0}>
          {JSON.stringify(item.detail, undefined, 2)}
        </Code>
      </Stack>
    </Dialog>
  )
}
