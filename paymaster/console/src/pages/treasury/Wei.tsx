// An amount to the wei, with the sign of a difference: where every digit counts, none is left out.
import './wei.css'
import { Text } from '@mantine/core'

export function Wei({ wei, isDrift = false }: { readonly wei: string; readonly isDrift?: boolean }) {
  const amount = BigInt(wei)
  const digits = amount.toString().replace(/\B(?=(\d{3})+$)/g, ',')
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
