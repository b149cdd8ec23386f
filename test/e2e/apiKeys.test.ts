// A paymaster that signs for holders of an API key only, asked by an unmodified client through the bundler's one URL.
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { encodeFunctionData, erc20Abi, http, maxUint256 } from 'viem'
import { createBundlerClient, entryPoint07Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { type ConsoleSession, consoleSession } from '../../scripts/console/consoleSession.ts'
import { devnetStage } from '../support/devnet.ts'
import { giveTokens } from '../support/money.ts'

const stage = devnetStage({ serving: false, daemonSettings: { paymaster: { requireApiKey: 'true' } } })

async function makeKey({ ask }: ConsoleSession, limits: object = {}): Promise<{ key: string; id: string }> {
  const { key, apiKey } = await ask<{ key: string; apiKey: { id: string } }>('POST', '/api-keys', {
    name: 'Through the bundler',
    use: 'rpc',
    limits,
  })
  return { key, id: apiKey.id }
}

async function clientAt(bundlerUrl: string, headers: Record<string, string> = {}) {
  const { client, devnet } = stage
  const account = await toSimpleSmartAccount({
    client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
    factoryAddress: devnet.contracts.simpleAccountFactory,
  })
  await giveTokens(stage, account.address, 10n ** 18n)
  return createBundlerClient({
    account,
    client,
    transport: http(bundlerUrl, { retryCount: 0, fetchOptions: { headers } }),
    paymaster: true,
    paymasterContext: { token: devnet.contracts.token },
    pollingInterval: 100,
  })
}

/** Lets the paymaster take what the gas costs. */
function calls() {
  const { token, paymaster } = stage.devnet.contracts
  const approval = { abi: erc20Abi, functionName: 'approve', args: [paymaster, maxUint256] } as const
  return [{ to: token, data: encodeFunctionData(approval) }]
}

describe('a paymaster behind a bundler that wants an API key', () => {
  it('signs for who gives one in the URL, and tells who gives none how', async () => {
    const { devnet } = stage
    const session = await consoleSession(devnet, 'admin')
    const { key, id } = await makeKey(session)
    const without = await clientAt(devnet.bundlerUrl)
    await expect(without.prepareUserOperation({ calls: calls() })).rejects.toThrow(
      /holders of an API key only/,
    )
    const holder = await clientAt(`${devnet.bundlerUrl}/?apikey=${key}`)
    const prepared = await holder.prepareUserOperation({ calls: calls() })
    expect(prepared.paymaster).toBe(devnet.contracts.paymaster)
    const { items } = await session.ask<{ items: { id: string; callsToday: number }[] }>('GET', '/api-keys')
    expect(items.find(item => item.id === id)?.callsToday).toBe(2)
    await session.ask('POST', `/api-keys/${id}/revoke`)
    await expect(holder.prepareUserOperation({ calls: calls() })).rejects.toThrow(/The API key is revoked/)
  })

  it('holds a key to its pages there too, as their browsers name them', async () => {
    const { devnet } = stage
    const { key } = await makeKey(await consoleSession(devnet, 'admin'), { origins: ['https://app.example'] })
    const headers = { authorization: `Bearer ${key}` }
    const page = await clientAt(devnet.bundlerUrl, { ...headers, origin: 'https://app.example' })
    expect((await page.prepareUserOperation({ calls: calls() })).paymaster).toBe(devnet.contracts.paymaster)
    const other = await clientAt(devnet.bundlerUrl, { ...headers, origin: 'https://evil.example' })
    await expect(other.prepareUserOperation({ calls: calls() })).rejects.toThrow(
      /pages of https:\/\/evil.example/,
    )
  })
})
