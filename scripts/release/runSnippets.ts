// Runs the documents' programs as they stand, where `.devnet/devnet.json` is.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Devnet } from '../devnet/startDevnet.ts'
import { documentSnippets } from './documentSnippets.ts'
import { runProgram, runProgramBeside } from './runProgram.ts'

/** A line about each; throws with what a failing one said. */
export async function runSnippets(consumer: string, devnet: Devnet): Promise<readonly string[]> {
  const { chainId, rpcUrl, bundlerUrl, paymasterUrl, entryPoint, contracts, faucetKey } = devnet
  const file = { chainId, rpcUrl, bundlerUrl, paymasterUrl, entryPoint, contracts, faucetKey }
  mkdirSync(join(consumer, '.devnet'), { recursive: true })
  writeFileSync(join(consumer, '.devnet/devnet.json'), JSON.stringify(file), { mode: 0o600 })
  runProgram({
    command: process.execPath,
    args: [
      'node_modules/typescript/bin/tsc',
      '-p',
      'tsconfig.json',
      '--noEmit',
      'false',
      '--noCheck',
      '--outDir',
      'programs',
      '--rootDir',
      'snippets',
    ],
    folder: consumer,
  })
  const lines: string[] = []
  for (const { place, name } of documentSnippets()) {
    const output = await runProgramBeside({
      command: process.execPath,
      args: [`programs/${name}.js`],
      folder: consumer,
    })
    lines.push(`${place} ran: ${lastLineOf(output)}`)
  }
  return lines
}

function lastLineOf(output: string): string {
  return output.trim().split('\n').at(-1) || 'without a word'
}
