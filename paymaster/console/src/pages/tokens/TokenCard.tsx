// One token: what it costs, where the price comes from and how old it is, what it brought in, what may be done.
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { Token } from '../../../../src/admin/tokens/schema.ts'
import { Hex } from '../../components/Hex.tsx'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { priceText, tokensOfRate } from './figures.ts'
import { PriceAlert } from './PriceAlert.tsx'
import { PriceHistory } from './PriceHistory.tsx'
import { SourceReadings } from './SourceReadings.tsx'
import { type TokenAction, TokenActions } from './TokenActions.tsx'
import { TokenFacts } from './TokenFacts.tsx'
import { tokenWords } from './words.ts'

export function TokenCard({
  token,
  onChosen,
}: {
  readonly token: Token
  readonly onChosen: (action: TokenAction) => void
}) {
  const words = useWords(tokenWords)
  const language = useLanguage()
  const { symbol, name, address, enabled, problem, price, isComputeToken, decimals } = token
  const state = !enabled ? 'disabled' : problem === null ? 'enabled' : 'notQuoted'
  return (
    <Paper withBorder p="md" component="article" aria-label={`${symbol}, ${name}`}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Title order={2} size="h4" className="wraps">
              {symbol}
            </Title>
            <Badge
              variant="light"
              tt="none"
              color={state === 'enabled' ? 'teal' : state === 'disabled' ? 'gray' : 'red'}
            >
              {words[state]}
            </Badge>
            {isComputeToken && (
              <Badge variant="default" tt="none">
                {words.compute}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {name} <Hex value={address} />
          </Text>
        </Group>
        <div>
          <Text size="lg" fw={600}>
            {isComputeToken
              ? words.priceOf('1', symbol)
              : price === null
                ? words.noPrice
                : words.priceOf(priceText(price.tokensPerNative, language), symbol)}
          </Text>
          <Text size="sm" c="dimmed">
            {isComputeToken
              ? words.parity
              : price !== null &&
                words.withMarkup(priceText(tokensOfRate(price.rateWithMarkup, decimals), language), symbol)}
          </Text>
        </div>
        {problem !== null && <PriceAlert problem={problem} color="red" />}
        {!isComputeToken && <PriceHistory token={token} />}
        {!isComputeToken && <SourceReadings token={token} />}
        <TokenFacts token={token} />
        {!isComputeToken && <TokenActions token={token} onChosen={onChosen} />}
      </Stack>
    </Paper>
  )
}
