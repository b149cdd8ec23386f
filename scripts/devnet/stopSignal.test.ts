import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../workspaceRoot.ts'

const module = pathToFileURL(join(workspaceRoot, 'scripts', 'dist', 'devnet', 'stopSignal.js')).href
const program = `
  const { stopSignal } = await import(${JSON.stringify(module)})
  stopSignal(process.env).addEventListener('abort', event => {
    console.log(event.target.reason.message)
    process.exit(0)
  })
  console.log('up')
  setInterval(() => {}, 1000)
`

describe('what stops a devnet', () => {
  it('is a SIGTERM', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said = listen(child.stdout)
    await said('up')
    child.kill('SIGTERM')
    await said('stopped by SIGTERM')
  })

  it('is the end of the shell that npm run puts in between, which passes no signal on', async () => {
    const script = 'true && "$NODE" --input-type=module -e "$PROGRAM"'
    const shell = spawn('sh', ['-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // biome-ignore lint/style/noProcessEnv: the shell needs its PATH
      env: { ...process.env, npm_lifecycle_event: 'devnet', NODE: process.execPath, PROGRAM: program },
    })
    const said = listen(shell.stdout)
    await said('up')
    shell.kill('SIGTERM')
    await said('the shell that ran it has ended')
  })
})

function listen(stream: NodeJS.ReadableStream): (text: string) => Promise<void> {
  let said = ''
  stream.on('data', chunk => {
    said += String(chunk)
  })
  return async text => expect.poll(() => said).toContain(text)
}
