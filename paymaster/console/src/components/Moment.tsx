// A time: how long ago, and the exact second on hover. It grows older while it is looked at.
import { Text, Tooltip } from '@mantine/core'
import { exactTime, relativeTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNowSeconds } from './useNowSeconds.ts'

export function Moment({ atSeconds }: { readonly atSeconds: number }) {
  const language = useLanguage()
  const nowSeconds = useNowSeconds()
  const exact = exactTime(atSeconds, language)
  return (
    <Tooltip label={exact} events={{ hover: true, focus: true, touch: true }}>
      <Text
        component="time"
        inherit
        className="figure"
        dateTime={new Date(atSeconds * 1000).toISOString()}
        title={exact}
      >
        {relativeTime(atSeconds, nowSeconds, language)}
      </Text>
    </Tooltip>
  )
}
