// Every page of the console, in the order in which it is walked: name, place, icon. Router and navigation both read it.
import {
  IconActivity,
  IconBell,
  IconBuildingBank,
  IconCoins,
  IconGauge,
  IconHistory,
  IconKey,
  IconSettings,
  IconShieldCheck,
  IconSignature,
  IconStack2,
  IconWebhook,
} from '@tabler/icons-react'
import { dictionary } from '../i18n/words.ts'

export const pageWords = dictionary(
  {
    overview: 'Overview',
    operations: 'Operations',
    policies: 'Policies',
    tokens: 'Tokens and prices',
    treasury: 'Treasury',
    signers: 'Signers',
    apiKeys: 'API keys',
    webhooks: 'Webhooks',
    alerts: 'Alerts',
    bundler: 'Bundler',
    audit: 'Audit log',
    settings: 'Settings',
  },
  {
    overview: '개요',
    operations: '오퍼레이션',
    policies: '정책',
    tokens: '토큰과 가격',
    treasury: '자금',
    signers: '서명 키',
    apiKeys: 'API 키',
    webhooks: '웹훅',
    alerts: '경보',
    bundler: '번들러',
    audit: '감사 기록',
    settings: '설정',
  },
)

export const navigation = [
  { name: 'overview', to: '/', icon: IconGauge },
  { name: 'operations', to: '/operations', icon: IconActivity },
  { name: 'policies', to: '/policies', icon: IconShieldCheck },
  { name: 'tokens', to: '/tokens', icon: IconCoins },
  { name: 'treasury', to: '/treasury', icon: IconBuildingBank },
  { name: 'signers', to: '/signers', icon: IconSignature },
  { name: 'apiKeys', to: '/api-keys', icon: IconKey },
  { name: 'webhooks', to: '/webhooks', icon: IconWebhook },
  { name: 'alerts', to: '/alerts', icon: IconBell },
  { name: 'bundler', to: '/bundler', icon: IconStack2 },
  { name: 'audit', to: '/audit', icon: IconHistory },
  { name: 'settings', to: '/settings', icon: IconSettings },
] as const
