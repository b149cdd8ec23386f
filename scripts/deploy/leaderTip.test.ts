import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { type Address, parseEther, zeroAddress } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployAll } from './deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from './deploymentClient.ts'
import { setLeaderTip } from './leaderTip.ts'

const nobody: Address = '0x9000000000000000000000000000000000000009'

describe('the tip for bundlers in turn', () => {
  let anvil: Anvil
  let client: DeploymentClient
  let paymaster: Address
  let registry: Address

  const clientOf = async (): Promise<DeploymentClient> => {
    const privateKey = generatePrivateKey()
    await anvil.client.setBalance({ address: privateKeyToAddress(privateKey), value: parseEther('10') })
    return await createDeploymentClient({ rpcUrl: anvil.url, privateKey, pollMilliseconds: 50 })
  }
  const tip = () =>
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'leaderTip' })

  beforeEach(async () => {
    anvil = await startAnvil()
    client = await clientOf()
    const deployed = await deployAll({ client })
    if (!deployed.ok) throw new Error(deployed.refusal.message)
    ;({ paymaster, bundlerRegistry: registry } = deployed.value.contracts)
  })
  afterEach(async () => anvil.stop())

  it('is set once by the owner, and set to none', async () => {
    const asked = { client, paymaster, registry, tipWei: 5n }
    expect(await setLeaderTip(asked)).toEqual({ ok: true, value: { outcome: 'changed' } })
    expect(await tip()).toEqual([registry, 5n])
    expect(await setLeaderTip(asked)).toEqual({ ok: true, value: { outcome: 'found' } })
    expect(await setLeaderTip({ ...asked, tipWei: 0n })).toMatchObject({ ok: true })
    expect((await tip())[1]).toBe(0n)
  })

  it('is refused with what to do for another key, and for a registry that is none', async () => {
    const stranger = await clientOf()
    expect(await setLeaderTip({ client: stranger, paymaster, registry, tipWei: 5n })).toMatchObject({
      ok: false,
      refusal: { code: 77 },
    })
    expect(await setLeaderTip({ client, paymaster, registry: nobody, tipWei: 5n })).toMatchObject({
      ok: false,
      refusal: { code: 78 },
    })
    expect(await tip()).toEqual([zeroAddress, 0n])
  })
})
