import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployAll } from './deployAll.ts'
import { createDeploymentClient } from './deploymentClient.ts'
import { deterministicDeployerAddress, deterministicDeployerCode } from './deterministicDeployer.ts'

describe('deploying the suite to a London chain', () => {
  let anvil: Anvil
  let privateKey: `0x${string}`

  beforeEach(async () => {
    anvil = await startAnvil()
    privateKey = generatePrivateKey()
    await anvil.client.setBalance({ address: privateKeyToAddress(privateKey), value: parseEther('10') })
  })
  afterEach(async () => anvil.stop())

  const clientOf = (rpcUrl = anvil.url) =>
    createDeploymentClient({ rpcUrl, privateKey, pollMilliseconds: 50 })

  it('puts the EntryPoint and the account factory where every chain has them', async () => {
    const deployed = await deployAll({ client: await clientOf() })
    expect(deployed).toMatchObject({
      ok: true,
      value: {
        chainId: 103,
        entryPoint: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
        contracts: { simpleAccountFactory: '0x91E60e0613810449d098b0b5Ec8b51A0FE8c8985' },
      },
    })
    if (!deployed.ok) return
    expect(deployed.value.steps.map(step => step.outcome)).toEqual(['found', ...Array(15).fill('deployed')])
  })

  it('changes nothing when it is run again', async () => {
    const client = await clientOf()
    const first = await deployAll({ client })
    const nonce = await client.getTransactionCount({ address: client.account.address })
    const second = await deployAll({ client })
    expect(await client.getTransactionCount({ address: client.account.address })).toBe(nonce)
    if (!first.ok || !second.ok) throw new Error('the deployment was refused')
    expect(second.value.contracts).toEqual(first.value.contracts)
    expect(new Set(second.value.steps.map(step => step.outcome))).toEqual(new Set(['found']))
  })

  it('takes up where an interrupted deployment stopped', async () => {
    const client = await clientOf()
    const first = await deployAll({ client })
    if (!first.ok) throw new Error('the deployment was refused')
    await anvil.client.setCode({ address: first.value.contracts.offerBook, bytecode: '0x' })
    // CREATE2 needs a fresh nonce at the address that lost its code.
    await anvil.client.setNonce({ address: first.value.contracts.offerBook, nonce: 0 })
    const second = await deployAll({ client })
    if (!second.ok) throw new Error(second.refusal.message)
    const redone = second.value.steps.filter(step => step.outcome === 'deployed').map(step => step.name)
    expect(redone).toEqual(['offerBook'])
  })

  it('creates the deterministic deployer on a chain that lacks it', async () => {
    await anvil.client.setCode({ address: deterministicDeployerAddress, bytecode: '0x' })
    await anvil.client.setNonce({ address: deterministicDeployerAddress, nonce: 0 })
    const client = await clientOf()
    const deployed = await deployAll({ client })
    expect(deployed.ok && deployed.value.steps[0]?.outcome).toBe('deployed')
    expect(await client.getCode({ address: deterministicDeployerAddress })).toBe(deterministicDeployerCode)
  })

  it('says how to get the deterministic deployer on chain when the node refuses its transaction', async () => {
    await anvil.client.setCode({ address: deterministicDeployerAddress, bytecode: '0x' })
    const strict = await startStrictNode(anvil.url)
    const deployed = await deployAll({ client: await clientOf(strict.url) })
    strict.server.close()
    expect(deployed.ok).toBe(false)
    if (deployed.ok) return
    expect(deployed.refusal.message).toContain(
      'only replay-protected (EIP-155) transactions allowed over RPC',
    )
    expect(deployed.refusal.message).toContain('--rpc.allow-unprotected-txs')
  })

  it('refuses an address where other code stands, and names it', async () => {
    const client = await clientOf()
    const first = await deployAll({ client })
    if (!first.ok) throw new Error('the deployment was refused')
    await anvil.client.setCode({ address: first.value.contracts.token, bytecode: '0x6000' })
    const second = await deployAll({ client })
    expect(second.ok).toBe(false)
    if (!second.ok) expect(second.refusal.message).toContain(`ComputeToken at ${first.value.contracts.token}`)
  })

  it('says which key has to be funded, and how much it needs', async () => {
    await anvil.client.setBalance({ address: privateKeyToAddress(privateKey), value: 1n })
    const client = await clientOf()
    const deployed = await deployAll({ client })
    expect(deployed.ok).toBe(false)
    if (!deployed.ok) expect(deployed.refusal.message).toContain(`${client.account.address} holds`)
  })
})

/** A node in front of another that, as geth does, takes only transactions signed for one chain. */
async function startStrictNode(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: string[] }
    const unprotected = method === 'eth_sendRawTransaction' && params[0]?.endsWith('22'.repeat(32))
    const message = 'only replay-protected (EIP-155) transactions allowed over RPC'
    const answer = unprotected
      ? JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message } })
      : await (
          await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        ).text()
    response.setHeader('content-type', 'application/json').end(answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
