// Of which chain and which paymaster this console is: whoever runs two must not take one for the other.
import { Badge, Group, Text } from '@mantine/core'
import { useSession } from '../api/session.ts'
import { Hex } from '../components/Hex.tsx'
import { useWords } from '../i18n/words.ts'
import { layoutWords } from './words.ts'

const names: Readonly<Record<number, string>> = { 103: 'WorldLand', 10395: 'Gwangju', 31337: 'anvil' }

export function Network() {
  const words = useWords(layoutWords)
  const house = useSession().data?.house
  if (house === undefined) return null
  const name = names[house.chainId]
  return (
    <Group gap={6} wrap="nowrap" visibleFrom="sm">
      <Badge variant="light" color="gray" tt="none" className="badge">
        {name === undefined ? words.chain(house.chainId) : `${name} · ${house.chainId}`}
      </Badge>
      <Text size="xs" c="dimmed" component="div">
        <Hex value={house.paymaster} />
      </Text>
    </Group>
  )
}
