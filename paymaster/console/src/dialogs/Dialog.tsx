// A dialog: the whole screen on a phone, closed by Escape, named for a screen reader, focus given back where it came from.
import './dialog.css'
import { Modal, type ModalProps } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'

export function Dialog(properties: ModalProps) {
  const words = useWords(commonWords)
  const isPhone = useMediaQuery('(max-width: 36em)') ?? false
  return (
    <Modal size="lg" fullScreen={isPhone} closeButtonProps={{ 'aria-label': words.close }} {...properties} />
  )
}
