// English or Korean, each named in itself: who does not read the one finds the other.
import { Button } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { chooseLanguage, useLanguage } from '../i18n/language.ts'

export function LanguageSwitch() {
  const language = useLanguage()
  const other = language === 'en' ? 'ko' : 'en'
  return (
    <Button
      variant="default"
      size="sm"
      px="xs"
      lang={other}
      leftSection={<IconLanguage size={18} aria-hidden />}
      onClick={() => void chooseLanguage(other)}
    >
      {other === 'ko' ? '한국어' : 'English'}
    </Button>
  )
}
