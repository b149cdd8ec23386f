// The container engine of this host, and whether it answers.
import Docker from 'dockerode'
import { engineWords } from './engineErrors.ts'

const patienceMilliseconds = 5_000

/** By its socket; without one where DOCKER_HOST says, as all of Docker's own tools do, or at its usual place. */
export function connectEngine(socketPath: string | undefined): Docker {
  return socketPath === undefined ? new Docker() : new Docker({ socketPath })
}

/** The same engine for calls that it answers at once: one that hangs is as good as gone. */
export function withPatience(docker: Docker, milliseconds: number): Docker {
  const modem = Object.assign(Object.create(docker.modem), { timeout: milliseconds })
  return Object.assign(Object.create(docker), { modem })
}

export type EngineFacts = { readonly name: string; readonly version: string; readonly storage: string }

/** Or the reason why it does not answer. */
export async function askEngine(docker: Docker): Promise<EngineFacts | string> {
  try {
    const { Name, ServerVersion, Driver } = await withPatience(docker, patienceMilliseconds).info()
    return { name: Name, version: ServerVersion, storage: Driver }
  } catch (error) {
    return engineWords(error)
  }
}
