// Asks the NVIDIA driver which GPUs there are.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Outcome } from '../outcome.ts'

export type Gpu = {
  /** `GPU-…`: what container engines and CUDA call it, the same after a restart. */
  readonly uuid: string
  readonly name: string
  readonly memoryMiB: number
}

const patienceMilliseconds = 20_000
const mostBytes = 1024 * 1024

/** Refuses with a sentence where there are none to be had. */
export async function queryGpus(program = 'nvidia-smi'): Promise<Outcome<readonly Gpu[], string>> {
  try {
    const { stdout } = await promisify(execFile)(
      program,
      ['--query-gpu=uuid,name,memory.total', '--format=csv,noheader,nounits'],
      { timeout: patienceMilliseconds, maxBuffer: mostBytes },
    )
    return readGpus(stdout)
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as Record<string, unknown>
    if (code === 'ENOENT') {
      return noGpu('nvidia-smi is not installed: install the NVIDIA driver where there is a GPU')
    }
    const [said = ''] = `${stderr}\n${stdout}`.trim().split('\n')
    return noGpu(`nvidia-smi failed (${said.slice(0, 300) || code})`)
  }
}

export function readGpus(csv: string): Outcome<readonly Gpu[], string> {
  const gpus: Gpu[] = []
  for (const line of csv.split('\n').filter(line => line.trim() !== '')) {
    const [uuid = '', name = '', memory = ''] = line.split(',').map(part => part.trim())
    if (!/^(GPU|MIG)-[\w-]{1,64}$/.test(uuid) || !/^\d{1,9}$/.test(memory)) {
      return noGpu(`nvidia-smi printed "${line.slice(0, 200)}"`)
    }
    gpus.push({ uuid, name, memoryMiB: Number(memory) })
  }
  return gpus.length === 0 ? noGpu('nvidia-smi lists none') : { ok: true, value: gpus }
}

function noGpu(why: string): Outcome<never, string> {
  return { ok: false, refusal: `no GPU was found: ${why}` }
}
