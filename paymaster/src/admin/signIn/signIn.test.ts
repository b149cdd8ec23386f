// Coming in: by link, wallet and passkey, as people and attackers try.

import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { createSoftAuthenticator } from '../testing/softAuthenticator.ts'
import { type House, startHouse, tokenOf } from '../testing/startHouse.ts'

let chain: Chain
let house: House

beforeAll(async () => {
  chain = await startChain()
  house = await startHouse(chain)
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

describe('a link', () => {
  it('lets in once, as what it says', async () => {
    const link = await house.newLink('operator')
    expect(link.startsWith(`${house.origin}/console/sign-in#`)).toBe(true)
    const browser = house.newBrowser()
    const token = tokenOf(link)
    const first = await browser.ask('POST', '/session/link', { token })
    expect(first).toMatchObject({ status: 200, body: { user: { role: 'operator' }, hasWayIn: false } })
    const again = await house.newBrowser().ask('POST', '/session/link', { token })
    expect(again).toMatchObject({ status: 401, body: { error: { code: 'linkUsed' } } })
  })

  it('is cookie and all: HttpOnly, SameSite=Strict, for the whole site', async () => {
    const token = tokenOf(await house.newLink('viewer'))
    const { headers } = await house.newBrowser().ask('POST', '/session/link', { token })
    const port = new URL(house.url).port
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        new RegExp(`^paymaster-session-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ])
  })
})

describe('a wallet', () => {
  const account = privateKeyToAccount(generatePrivateKey())

  async function signed(
    browser: {
      ask: House['newBrowser'] extends () => infer B ? (B extends { ask: infer A } ? A : never) : never
    },
    path: string,
  ) {
    const { body } = await browser.ask<{ message: string }>('POST', `${path}/challenge`, {
      address: account.address,
    })
    return { message: body.message, signature: await account.signMessage({ message: body.message }) }
  }

  it('is added by who is signed in, and signs in from then on, each message once', async () => {
    const owner = await house.signIn('operator')
    const addition = await signed(owner, '/session/wallets')
    expect(addition.message).toContain(`${new URL(house.origin).host} wants you to sign in`)
    expect((await owner.ask('POST', '/session/wallets', addition)).status).toBe(200)

    const browser = house.newBrowser()
    const answer = await signed(browser, '/session/wallet')
    expect(await browser.ask('POST', '/session/wallet', answer)).toMatchObject({
      status: 200,
      body: { user: { id: owner.session.user.id, role: 'operator' }, hasWayIn: true },
    })
    const replayed = await house.newBrowser().ask('POST', '/session/wallet', answer)
    expect(replayed).toMatchObject({ status: 400, body: { error: { code: 'walletRefused' } } })
  })
})

describe('a passkey', () => {
  it('is added by who is signed in, and signs in from then on, each challenge once', async () => {
    const owner = await house.signIn('admin')
    const device = await createSoftAuthenticator(house.origin)
    const begun = await owner.ask<{ options: never }>('POST', '/session/passkeys/challenge')
    const response = await device.register(begun.body.options)
    expect(await owner.ask('POST', '/session/passkeys', { response, name: 'Laptop' })).toMatchObject({
      status: 200,
      body: { name: 'Laptop' },
    })
    const browser = house.newBrowser()
    const challenge = await browser.ask<{ options: never }>('POST', '/session/passkey/challenge')
    const assertion = await device.sign(challenge.body.options)
    expect(await browser.ask('POST', '/session/passkey', { response: assertion })).toMatchObject({
      status: 200,
      body: { user: { id: owner.session.user.id } },
    })
    expect(await house.newBrowser().ask('POST', '/session/passkey', { response: assertion })).toMatchObject({
      status: 400,
      body: { error: { code: 'passkeyRefused' } },
    })
  })
})
