// Who asked for what, what was decided, and by which rule.
import { Alert, Group, Stack, Text } from '@mantine/core'
import type { OperationDetail } from '../../../../../src/admin/operations/schema.ts'
import { Facts } from '../../../components/Facts.tsx'
import { Hex } from '../../../components/Hex.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { OutcomeBadge } from '../../../components/OutcomeBadge.tsx'
import { PageLink } from '../../../components/PageLink.tsx'
import { RuleOutcomes } from '../../../components/RuleOutcomes.tsx'
import { Section } from '../../../components/Section.tsx'
import { count } from '../../../format/number.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { nameOf, operationWords } from '../../../i18n/operationWords.ts'
import { grantIn, refusalIn } from '../../../i18n/refusals.ts'
import { useWords } from '../../../i18n/words.ts'
import { CallList } from './CallList.tsx'
import { detailWords } from './words.ts'

export function DecisionPart({ detail }: { readonly detail: OperationDetail }) {
  const words = useWords(detailWords)
  const { modes } = useWords(operationWords)
  const language = useLanguage()
  const { operation, decision, decisionNote } = detail
  const { userOperationHash, sender, nonce, caller, apiKeyId, policyId, policyVersion, mode, times } =
    operation
  const told =
    operation.outcome === 'granted' ? grantIn(language, policyId) : refusalIn(language, operation.reason)
  return (
    <>
      <Stack gap="xs">
        <Group gap="xs">
          <OutcomeBadge outcome={operation.outcome} />
          <Text size="sm" c="dimmed">
            <Moment atSeconds={operation.lastAtSeconds} />
            {times > 1 && ` · ${words.repeated(count(times, language))}`}
          </Text>
        </Group>
        {told !== undefined && (
          <Text fw={500} className="wraps">
            {told}
          </Text>
        )}
        <Text
          className="wraps"
          {...(told === undefined ? { fw: 500 } : { size: 'sm', c: 'dimmed', lang: 'en' })}
        >
          {decision?.sentence ?? words.noDecision}
        </Text>
        {decisionNote !== null && (
          <Text size="sm" c="dimmed">
            {decisionNote}
          </Text>
        )}
      </Stack>
      <Section title={words.decision}>
        <Facts
          facts={[
            ...present(words.hash, userOperationHash, value => <Hex value={value} />),
            ...present(words.sender, sender, value => <Hex value={value} />),
            ...present(words.nonce, nonce, value => value),
            { name: words.mode, value: nameOf(modes, mode) },
            ...present(words.policy, policyId, value => (
              <>
                <PageLink to="/policies/$id" params={{ id: value }} inherit>
                  {value}
                </PageLink>
                {policyVersion !== null && ` · ${words.version(String(policyVersion))}`}
              </>
            )),
            ...present(words.apiKey, apiKeyId, value => value),
            ...present(words.caller, caller, value => value),
            ...present(words.validUntil, decision?.validUntilSeconds ?? null, value => (
              <Moment atSeconds={value} />
            )),
          ]}
        />
      </Section>
      {decision !== null && decision.rules.length > 0 && (
        <Section title={words.rules}>
          <RuleOutcomes outcomes={decision.rules} />
        </Section>
      )}
      {decision !== null && <CallList calls={decision.calls} moreCalls={decision.moreCalls} />}
      {decision?.operationNote != null && <Alert color="gray">{decision.operationNote}</Alert>}
    </>
  )
}

function present<Value>(
  name: string,
  value: Value | null,
  show: (value: Value) => React.ReactNode,
): readonly { readonly name: string; readonly value: React.ReactNode }[] {
  return value === null ? [] : [{ name, value: show(value) }]
}
