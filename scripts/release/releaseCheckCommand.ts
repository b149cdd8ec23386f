// The release check, step by step; the first thing that is wrong ends it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from '@worldland-aa/service/config/setting'
import { startDevnet } from '../devnet/startDevnet.ts'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { checkBrowser } from './checkBrowser.ts'
import { checkDaemons } from './checkDaemons.ts'
import { checkSizes } from './checkSizes.ts'
import { checkTarball } from './checkTarball.ts'
import { checkTypes } from './checkTypes.ts'
import { createConsumer } from './createConsumer.ts'
import { findBrowser } from './findBrowser.ts'
import { packPackages } from './packPackages.ts'
import { runSnippets } from './runSnippets.ts'
import { releaseVersions } from './versions.ts'

const settings = {
  viem: text({
    group: 'Release',
    describe:
      'versions of viem to install the packages beside, with commas; default: the oldest allowed and today’s',
    placeholder: 'versions',
    fallback: '',
  }),
} as const

/** What the process should exit with. */
export function runReleaseCheckCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'release:check',
      description: 'Packs the packages, installs them in an empty folder, and uses them as their users will',
      examples: ['npm run release:check', 'npm run release:check -- --viem 2.57.20'],
      definition: { prefix: 'RELEASE', settings },
      run: async ({ viem }) => await checkRelease(viem === '' ? undefined : viem.split(',')),
    },
    view,
  )
}

async function checkRelease(wanted: readonly string[] | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'worldland-release-'))
  const versions = releaseVersions()
  try {
    say('Compiling and packing')
    const tarballs = packPackages(join(folder, 'tarballs'))
    for (const tarball of tarballs) say(`  ${checkTarball(tarball)}`)

    say('Starting a devnet')
    const devnet = await startDevnet({
      portBase: 0,
      blockTime: 1,
      dataDirectory: join(folder, '.devnet'),
      // Page and programs come from one address, on a machine that may be busy with other work.
      daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } },
    })
    try {
      for (const viem of wanted ?? [versions.oldestViem, versions.viem]) {
        say(`Installing beside viem ${viem}, SQLite compiled where no prebuilt one is to be had`)
        const consumer = createConsumer({
          folder: join(folder, `viem-${viem}`),
          tarballs,
          versions: { ...versions, viem },
        })
        say(`Installed beside viem ${viem} and permissionless ${versions.permissionless}: one copy of viem`)
        say(`  ${checkTypes(consumer)}`)
        say(`  ${await checkDaemons(consumer, devnet)}`)
        for (const line of await runSnippets(consumer, devnet)) say(`  ${line}`)
        if (viem !== versions.viem) continue
        for (const line of await checkSizes(consumer)) say(`  ${line}`)
        const browser = findBrowser()
        if (browser === undefined) {
          say(
            '  SKIPPED in a browser: no Chromium was found in the usual places; install one (apt install chromium)',
          )
        } else for (const line of await checkBrowser({ browser, consumer, devnet })) say(`  ${line}`)
      }
    } finally {
      await devnet.stop()
    }
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
  }
  say('The packages are fit for release.')
  return 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
