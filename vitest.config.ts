import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{sdk,service,bundler,paymaster}/src/**/*.test.ts', '{scripts,test}/**/*.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**'],
    // Two cores carry node, daemons and tests alike.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
