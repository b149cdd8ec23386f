// Empties a workspace where the daemon's own account may not: the container's root wrote there, and this host's own rm
// deletes with the engine's rights. No shell of the renter's image is run for it, and none is needed in it.
import type Docker from 'dockerode'
import { labels, workspaceInMachines } from './containerOptions.ts'
import { isMissing } from './engineErrors.ts'
import { createHostProgram } from './hostProgram.ts'

/** What it leaves is found by whoever deletes the folder next. */
export async function emptyByEngine(emptying: {
  readonly docker: Docker
  readonly provider: string
  readonly key: string
  readonly workspace: string
}): Promise<void> {
  const { docker, provider, key, workspace } = emptying
  const name = `worldland-wipe-${provider}-${key}`
  // Of a wipe that was broken off.
  await removeContainer(docker.getContainer(name))
  const container = await createHostProgram(docker, {
    name,
    labels: { [labels.provider]: provider, [labels.wiped]: key },
    command: ['rm', '-rf', '--', workspaceInMachines],
    folder: { source: workspace, target: workspaceInMachines, isReadOnly: false },
    capabilities: ['DAC_OVERRIDE', 'FOWNER'],
  })
  try {
    await container.start()
    await container.wait()
  } finally {
    await removeContainer(container)
  }
}

async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true })
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
