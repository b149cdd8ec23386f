// What became of it on the chain, and which lease or session it opened or touched.
import { Text } from '@mantine/core'
import type { MarketEvent, OperationDetail } from '../../../../../src/admin/operations/schema.ts'
import { type Fact, Facts } from '../../../components/Facts.tsx'
import { Hex } from '../../../components/Hex.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { Section } from '../../../components/Section.tsx'
import { useLanguage } from '../../../i18n/language.ts'
import { nameOf, operationWords } from '../../../i18n/operationWords.ts'
import { revertIn } from '../../../i18n/refusals.ts'
import { useWords } from '../../../i18n/words.ts'
import { detailWords } from './words.ts'

export function ChainPart({ detail: { operation, receipt } }: { readonly detail: OperationDetail }) {
  const words = useWords(detailWords)
  const language = useLanguage()
  const { states } = useWords(operationWords)
  const { state, blockNumber, transactionHash, landedAtSeconds, succeeded } = operation
  const facts: readonly Fact[] = [
    { name: words.state, value: nameOf(states, state) },
    ...(blockNumber === null ? [] : [{ name: words.block, value: blockNumber }]),
    ...(transactionHash === null
      ? []
      : [{ name: words.transaction, value: <Hex value={transactionHash} /> }]),
    ...(landedAtSeconds === null
      ? []
      : [{ name: words.landedAt, value: <Moment atSeconds={landedAtSeconds} /> }]),
    ...(succeeded === null
      ? []
      : [{ name: words.succeeded, value: succeeded ? words.succeededYes : words.succeededNo }]),
    ...(receipt.revertReason === null
      ? []
      : [{ name: words.revert, value: revertIn(language, receipt.revertError) ?? receipt.revertReason }]),
    ...(receipt.revertReason !== null || receipt.revertData === null
      ? []
      : [{ name: words.revert, value: <Hex value={receipt.revertData} isWhole /> }]),
  ]
  return (
    <>
      <Section title={words.chain}>
        <Facts facts={facts} />
        {receipt.status === 'unreachable' && <Text size="sm">{words.nodeUnreachable}</Text>}
      </Section>
      {receipt.marketEvents.length > 0 && (
        <Section title={words.market}>
          {receipt.marketEvents.map((event, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events of a receipt keep their order
            <Facts key={place} facts={marketFacts(event, words)} />
          ))}
        </Section>
      )}
    </>
  )
}

function marketFacts(
  { event, leaseId, sessionId, provider }: MarketEvent,
  words: { lease: string; session: string; provider: string },
): readonly Fact[] {
  return [
    ...(leaseId === null ? [] : [{ name: words.lease, value: `${leaseId} · ${event}` }]),
    ...(sessionId === null ? [] : [{ name: words.session, value: `${sessionId} · ${event}` }]),
    ...(provider === null ? [] : [{ name: words.provider, value: <Hex value={provider} /> }]),
  ]
}
