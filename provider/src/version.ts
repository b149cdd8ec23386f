// The version that --version tells: the package's own.
import { createRequire } from 'node:module'

const manifest = createRequire(import.meta.url)('../package.json') as { version: string }

export const version = manifest.version
