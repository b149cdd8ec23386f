// Reads the market file. Every mistake in it is told by the place where it stands.
import { readFileSync, statSync } from 'node:fs'
import { issueInWords } from '@worldland-aa/service/config/issueInWords'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import type { z } from 'zod'
import type { Outcome } from '../outcome.ts'
import { type MarketFile, marketSchema } from './marketSchema.ts'

const mostBytes = 4 * 1024 * 1024

export function readMarketFile(path: string): Outcome<MarketFile, string> {
  let content: unknown
  try {
    if (statSync(path).size > mostBytes) return refuse(`${path} is larger than ${mostBytes} bytes`)
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuse(`the market file: ${fileProblem(path, error)}: give yours by --market-file`)
  }
  const parsed = marketSchema.safeParse(content)
  if (parsed.success) return { ok: true, value: parsed.data }
  return refuse(parsed.error.issues.map(issue => `${path}: ${describe(issue)}`).join('\n'))
}

function refuse(refusal: string): Outcome<never, string> {
  return { ok: false, refusal }
}

function describe(issue: z.core.$ZodIssue): string {
  const place = issue.path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
  return `${place || 'the file'} ${issueInWords(issue)}`
}
