// What it cost, or at most can.
import { Text } from '@mantine/core'
import type { Operation } from '../../../../src/admin/operations/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { useWords } from '../../i18n/words.ts'
import { operationsWords } from './words.ts'

export function OperationCost({ operation }: { readonly operation: Operation }) {
  const words = useWords(operationsWords)
  const { actualCostWei, maxCostWei } = operation
  if (actualCostWei !== null) return <Coin wei={actualCostWei} />
  if (maxCostWei === null) return <>–</>
  const [before, after] = words.atMost('\u0000').split('\u0000')
  return (
    <Text span c="dimmed" inherit>
      {before}
      <Coin wei={maxCostWei} />
      {after}
    </Text>
  )
}
