// Where each page is. A page's script is fetched when it is first opened, or when its link is about to be clicked.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { ErrorState } from './components/ErrorState.tsx'
import { Loading } from './components/Loading.tsx'
import { Layout } from './layout/Layout.tsx'
import { operationsSearch } from './pages/operations/search.ts'
import { overviewSearch } from './pages/overview/search.ts'
import { policySearch } from './pages/policies/search.ts'

const root = createRootRoute({ component: Layout })
const page = { getParentRoute: () => root } as const

const overview = createRoute({
  ...page,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
})
const operations = createRoute({
  ...page,
  path: '/operations',
  validateSearch: operationsSearch,
  component: lazyRouteComponent(() => import('./pages/operations/OperationsPage.tsx'), 'OperationsPage'),
})
const policies = createRoute({
  ...page,
  path: '/policies',
  component: lazyRouteComponent(() => import('./pages/policies/PoliciesPage.tsx'), 'PoliciesPage'),
})
const policy = createRoute({
  ...page,
  path: '/policies/$id',
  validateSearch: policySearch,
  component: lazyRouteComponent(() => import('./pages/policies/PolicyPage.tsx'), 'PolicyPage'),
})
const tokens = createRoute({
  ...page,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./pages/tokens/TokensPage.tsx'), 'TokensPage'),
})
const treasury = createRoute({
  ...page,
  path: '/treasury',
  component: lazyRouteComponent(() => import('./pages/treasury/TreasuryPage.tsx'), 'TreasuryPage'),
})
const signers = createRoute({
  ...page,
  path: '/signers',
  component: lazyRouteComponent(() => import('./pages/signers/SignersPage.tsx'), 'SignersPage'),
})
const apiKeys = createRoute({
  ...page,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./pages/apiKeys/ApiKeysPage.tsx'), 'ApiKeysPage'),
})
const webhooks = createRoute({
  ...page,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
})
const alerts = createRoute({
  ...page,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./pages/alerts/AlertsPage.tsx'), 'AlertsPage'),
})
const bundler = createRoute({
  ...page,
  path: '/bundler',
  component: lazyRouteComponent(() => import('./pages/bundler/BundlerPage.tsx'), 'BundlerPage'),
})
const audit = createRoute({
  ...page,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
})
const settings = createRoute({
  ...page,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/SettingsPage.tsx'), 'SettingsPage'),
})

const pages = [
  overview,
  operations,
  policies,
  policy,
  tokens,
  treasury,
  signers,
  apiKeys,
  webhooks,
  alerts,
  bundler,
  audit,
  settings,
] as const

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/console',
  // Plain: who reads the URL reads the filter.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: search => {
    const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()
    return text === '' ? '' : `?${text}`
  },
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
