import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { arePortsFree, devnetPorts } from './devnetPorts.ts'

describe("a devnet's ports", () => {
  it('are three free ones when any will do', async () => {
    const ports = await devnetPorts(0)
    expect(new Set(Object.values(ports)).size).toBe(3)
    for (const port of Object.values(ports)) expect(port).toBeGreaterThan(0)
  })

  it('are refused by name when one of them is in use', async () => {
    const busy = (await devnetPorts(0)).bundler
    const server = createServer()
    await new Promise<void>(resolve => server.listen(busy, '127.0.0.1', resolve))
    await expect(devnetPorts(busy - 1)).rejects.toThrow(
      `Port ${busy} (for the bundler) is in use: choose other ports with --port-base`,
    )
    expect(await arePortsFree(busy - 1)).toBe(false)
    await new Promise(resolve => server.close(resolve))
  })
})
