// Takes the docs' pictures of the operator's console: a devnet, some leases and refusals, a browser.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FurnishedHouse, furnishHouse } from './console/furnishHouse.ts'
import { createRenter } from './console/makeTraffic.ts'
import { startBrowser } from './console/openConsole.ts'
import { takePictures } from './console/takePictures.ts'
import { startDevnet } from './devnet/startDevnet.ts'
import { findBrowser } from './release/findBrowser.ts'
import { workspaceRoot } from './workspaceRoot.ts'

const leases = 3
const refusals = 3

const executablePath = findBrowser()
if (executablePath === undefined) throw new Error('There is no Chromium here: install it')
const dataDirectory = mkdtempSync(join(tmpdir(), 'console-pictures-'))
const say = (line: string): void => void process.stderr.write(`${line}\n`)
const devnet = await startDevnet({
  ...{ portBase: 0, blockTime: 1, dataDirectory, onStep: say },
  daemonSettings: { paymaster: { webhookPrivateNetworks: 'true' } },
})
const browser = await startBrowser(executablePath)
let house: FurnishedHouse | undefined
try {
  house = await furnishHouse(devnet)
  say('renting, on the house')
  for (let lease = 0; lease < leases; lease++) await (await createRenter(devnet)).rent()
  for (let refusal = 0; refusal < refusals; refusal++) await (await createRenter(devnet)).askWhatIsRefused()
  const folder = join(workspaceRoot, 'docs/pictures/console')
  for (const name of await takePictures(browser, devnet, folder)) say(`docs/pictures/console/${name}`)
} finally {
  await browser.close()
  await house?.stop()
  await devnet.stop()
  rmSync(dataDirectory, { recursive: true, force: true })
}
