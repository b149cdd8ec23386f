// An amount to the wei, with the sign of a difference: where every digit counts, none is left out.
import './wei.css'
import { Text } from '@mantine/core'
import { exactUnits } from '../../format/wei.ts'

export function Wei({
  wei,
  decimals = 0,
  isDrift = false,
}: {
  readonly wei: string
  /** Of another token, whose smallest units they are. */
  readonly decimals?: number | undefined
  readonly isDrift?: boolean
}) {
  const amount = BigInt(wei)
  const digits = exactUnits(amount, decimals)
  const isOff = isDrift && amount !== 0n
  return (
    <Text
      component="span"
      inherit
      className="wei"
      fw={isOff ? 650 : undefined}
      {...(isOff ? { c: 'red' } : {})}
    >
      {isDrift && amount > 0n ? `+${digits}` : digits}
    </Text>
  )
}
