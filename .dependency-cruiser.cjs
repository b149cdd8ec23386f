// The imports that architecture allows: contracts → sdk → daemons, service → daemons; daemons never
// meet, a bundler stage is entered by its public face only from the composition, nothing goes in circles.
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-orphan-dependencies', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'sdk-stands-alone',
      comment: 'dApps import the SDK: it must not pull a daemon in',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: '^(service|bundler|paymaster|provider|scripts|test)/' },
    },
    {
      name: 'service-knows-nothing-of-erc-4337',
      severity: 'error',
      from: { path: '^service/' },
      to: { path: '^(sdk|bundler|paymaster|provider|scripts|test)/' },
    },
    {
      name: 'bundler-does-not-import-the-paymaster',
      comment: 'the two daemons meet on JSON-RPC',
      severity: 'error',
      from: { path: '^bundler/' },
      to: { path: '^(paymaster|provider|scripts|test)/' },
    },
    {
      name: 'paymaster-does-not-import-the-bundler',
      severity: 'error',
      from: { path: '^paymaster/' },
      to: { path: '^(bundler|provider|scripts|test)/' },
    },
    {
      name: 'provider-does-not-import-the-other-daemons',
      comment: 'it meets a bundler on JSON-RPC, as any account does',
      severity: 'error',
      from: { path: '^provider/' },
      to: { path: '^(bundler|paymaster|scripts|test)/' },
    },
    {
      name: 'the-console-knows-only-the-admin-api',
      comment:
        'it runs in a browser: of the paymaster it may know the types of what is on the wire, and nothing else',
      severity: 'error',
      from: { path: '^paymaster/console/' },
      to: {
        path: '^(paymaster/src|sdk|service|bundler|scripts|test)/',
        pathNot: '^paymaster/src/admin/([^/]+/schema|adminEnvironment|adminError|liveUpdates)\\.ts$',
      },
    },
    {
      name: 'of-the-admin-api-the-console-takes-types',
      severity: 'error',
      from: { path: '^paymaster/console/' },
      to: { path: '^paymaster/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-the-console',
      severity: 'error',
      from: { pathNot: '^paymaster/console/' },
      to: { path: '^paymaster/console/' },
    },
    {
      name: 'nothing-imports-the-doors',
      comment: 'a stage must not know who asks: data flows from the door inwards',
      severity: 'error',
      from: { path: '^(bundler|paymaster)/src/(?!rpc/|bundler\\.ts|paymaster\\.ts|main\\.ts)' },
      to: { path: '^(bundler|paymaster)/src/rpc/' },
    },
    {
      name: 'tests-stay-out-of-the-product',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts$|/testing/|^test/)' },
      to: { path: '(\\.test\\.ts$|/testing/|^test/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node'] },
  },
}
