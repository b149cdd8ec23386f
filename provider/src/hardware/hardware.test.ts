// What there is to rent out, from what the driver's tool prints, and what offers promise beyond it.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { marketSchema } from '../market/marketSchema.ts'
import { brokenPromises } from './hardware.ts'
import { queryGpus, readGpus } from './queryGpus.ts'

const uuid = 'GPU-3f1d2c4e-0a6b-4b8e-9c52-7d8c0f6f9d11'

it('reads GPUs as nvidia-smi prints them', () => {
  expect(readGpus(`${uuid}, NVIDIA H200, 143771\n`)).toEqual({
    ok: true,
    value: [{ uuid, name: 'NVIDIA H200', memoryMiB: 143_771 }],
  })
})

it('says in a sentence why there is none', async () => {
  const missing = await queryGpus('/nowhere/nvidia-smi')
  expect(missing).toMatchObject({
    ok: false,
    refusal: expect.stringContaining('nvidia-smi is not installed'),
  })
  expect(readGpus('No devices were found\n')).toMatchObject({
    refusal: 'no GPU was found: nvidia-smi printed "No devices were found"',
  })
  const folder = mkdtempSync(join(tmpdir(), 'smi-'))
  try {
    const program = join(folder, 'nvidia-smi')
    writeFileSync(
      program,
      '#!/bin/sh\necho "Failed to initialize NVML: Driver/library version mismatch"\nexit 18\n',
    )
    chmodSync(program, 0o755)
    expect(await queryGpus(program)).toMatchObject({
      refusal:
        'no GPU was found: nvidia-smi failed (Failed to initialize NVML: Driver/library version mismatch)',
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('says what offers promise and the machine has not', () => {
  const { offers } = marketSchema.parse({
    ...{ name: 'p', metadataUri: 'https://p.example', stakeWei: '1ether' },
    offers: [
      {
        ...{
          name: 'a',
          gpuModel: 'RTX',
          vramGiB: 48,
          region: 'KR',
          capacityUnits: 2,
          pricePerHour: '0.5',
          gpus: 2,
        },
        ...{ bondPerUnitWei: '5ether', minimumSeconds: 60, maximumSeconds: 3600, cpus: 4, memoryMiB: 1024 },
      },
    ],
  })
  const gpus = Array.from({ length: 2 }, () => ({ uuid, name: 'RTX', memoryMiB: 24_564 }))
  expect(brokenPromises({ offers }, { gpus, cpus: 8, memoryMiB: 2048, diskGiB: 10 })).toEqual([
    'the offers promise 4 GPUs, but this machine has 2',
    'the offer a promises 48 GiB of GPU memory, but a GPU here has 24',
  ])
  const one = { ...offers[0], gpus: 1, capacityUnits: 1, vramGiB: 8 } as (typeof offers)[0]
  expect(brokenPromises({ offers: [one] }, { gpus: [], cpus: 8, memoryMiB: 2048, diskGiB: 10 })).toEqual([
    'the offers promise 1 GPU, but this machine has 0',
  ])
})
