// An amount of wei: short where it is looked at, exact on hover and focus, and to a screen reader.
import { Text, type TextProps, Tooltip } from '@mantine/core'
import { coinSymbol } from '../format/coinSymbol.ts'
import { coinDecimals, exactUnits, shortUnits } from '../format/wei.ts'

export function Coin({
  wei,
  symbol,
  decimals = coinDecimals,
  ...text
}: {
  readonly wei: string | bigint
  /** The network's coin, where none is named. */
  readonly symbol?: string
  readonly decimals?: number
} & TextProps) {
  const unit = symbol ?? coinSymbol
  const exact = `${exactUnits(wei, decimals)} ${unit}`
  const short = `${shortUnits(wei, decimals)} ${unit}`
  return (
    <Tooltip label={exact} disabled={exact === short} events={{ hover: true, focus: true, touch: true }}>
      <Text component="span" inherit className="figure" title={exact} {...text}>
        {short}
      </Text>
    </Tooltip>
  )
}
