// A decision rule by rule, in the order in which they were asked: passed, refused, or not asked any more.
import { Group, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { useLanguage } from '../i18n/language.ts'
import { nameOf } from '../i18n/operationWords.ts'
import { refusalIn, ruleIn } from '../i18n/refusals.ts'
import { dictionary, useWords } from '../i18n/words.ts'

const ruleWords = dictionary(
  {
    label: 'Decision, rule by rule',
    passed: 'passed',
    refused: 'refused',
    notAsked: 'not asked',
    rules: {
      policy: 'A policy serves it',
      gas: 'Gas and fees',
      time: 'Time',
      apiKey: 'API key',
      sender: 'Sender',
      factory: 'Factory',
      calls: 'Calls',
      value: 'Value sent',
      cost: 'Cost of the operation',
      arguments: 'Arguments',
      accountKind: 'Kind of account',
      providers: 'Providers',
      spend: 'Token spend',
      bans: 'Bans',
      execution: 'Played beforehand',
      webhook: 'Webhook',
      token: 'Sender can pay',
      tank: 'Gas tank',
      budgets: 'Budgets and deposit',
    },
  },
  {
    label: '규칙별 결정',
    passed: '통과',
    refused: '거절',
    notAsked: '확인하지 않음',
    rules: {
      policy: '해당 정책',
      gas: '가스와 수수료',
      time: '시간',
      apiKey: 'API 키',
      sender: '발신자',
      factory: '팩토리',
      calls: '호출',
      value: '보내는 금액',
      cost: '오퍼레이션 비용',
      arguments: '인수',
      accountKind: '계정 종류',
      providers: '제공자',
      spend: '토큰 지출',
      bans: '차단',
      execution: '사전 실행',
      webhook: '웹훅',
      token: '발신자의 지불 능력',
      tank: '가스 탱크',
      budgets: '예산과 예치금',
    },
  },
)

type Outcome = {
  readonly rule: string
  readonly passed: boolean | null
  readonly detail: string
  readonly code: string | null
  readonly values: Readonly<Record<string, string>>
}

export function RuleOutcomes({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  const words = useWords(ruleWords)
  const language = useLanguage()
  return (
    <Stack component="ol" gap="xs" aria-label={words.label} className="rules">
      {outcomes.map(({ rule, passed, detail, code, values }) => {
        const told = passed === false ? refusalIn(language, code) : ruleIn(language, code, values)
        const { Icon, color, said } = looks(passed, words)
        return (
          <Group key={rule} component="li" gap="sm" wrap="nowrap" align="flex-start">
            <ThemeIcon size="sm" radius="xl" variant={passed === false ? 'filled' : 'light'} color={color}>
              <Icon size={14} role="img" aria-label={said} />
            </ThemeIcon>
            <div>
              <Text size="sm" fw={passed === false ? 650 : 500} {...(passed === null && { c: 'dimmed' })}>
                {nameOf(words.rules, rule)}
              </Text>
              <Text
                size="sm"
                {...(passed !== false && { c: 'dimmed' })}
                className={passed === false ? 'wraps alarm' : 'wraps'}
              >
                {told ?? detail}
              </Text>
              {/* It names the figures as well. */}
              {passed === false && told !== undefined && (
                <Text size="sm" c="dimmed" lang="en" className="wraps">
                  {detail}
                </Text>
              )}
            </div>
          </Group>
        )
      })}
    </Stack>
  )
}

function looks(passed: boolean | null, words: { passed: string; refused: string; notAsked: string }) {
  if (passed === null) return { Icon: IconMinus, color: 'gray', said: words.notAsked }
  if (passed) return { Icon: IconCheck, color: 'teal', said: words.passed }
  return { Icon: IconX, color: 'red', said: words.refused }
}
