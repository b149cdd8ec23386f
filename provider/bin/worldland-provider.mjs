#!/usr/bin/env node
// The command, which is here before dist is: npm links it when it installs a clone, and what it cannot link, npx would
// ask a registry for.
import { existsSync } from 'node:fs'

const program = new URL('../dist/main.js', import.meta.url)
if (existsSync(program)) {
  await import(program.href)
} else {
  process.stderr.write('worldland-provider is not built yet: run npm run setup\n')
  process.exitCode = 69 // EX_UNAVAILABLE of sysexits.h
}
