// Coming in: by link, wallet and passkey, as people and attackers try.

import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { createSoftAuthenticator } from '../testing/softAuthenticator.ts'
import { type Browser, type House, startHouse, tokenOf } from '../testing/startHouse.ts'

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

  it('gives a cookie that no script reads and no other site sends', async () => {
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

  async function signed(browser: Browser, path: string, signer = account) {
    const { body } = await browser.ask<{ message: string }>('POST', `${path}/challenge`, {
      address: signer.address,
    })
    return { message: body.message, signature: await signer.signMessage({ message: body.message }) }
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

  it('of a stranger, or a message that was changed or signed by another, is refused', async () => {
    const stranger = privateKeyToAccount(generatePrivateKey())
    const browser = house.newBrowser()
    expect(
      await browser.ask('POST', '/session/wallet', await signed(browser, '/session/wallet', stranger)),
    ).toMatchObject({
      status: 401,
      body: { error: { code: 'unknownWallet' } },
    })
    const changes: ((message: string) => string)[] = [
      message => message.replace(/^localhost:\d+/, 'evil.example'),
      message => message.replace(/URI: .*/, 'URI: https://evil.example'),
      message => message.replace(/Chain ID: \d+/, 'Chain ID: 1'),
      message => message.replace(stranger.address, account.address),
      message => message.replace(/Nonce: \w+/, 'Nonce: aaaaaaaaaaaa'),
    ]
    for (const change of changes) {
      const { body } = await browser.ask<{ message: string }>('POST', '/session/wallet/challenge', {
        address: stranger.address,
      })
      const message = change(body.message)
      expect(message).not.toBe(body.message)
      const signature = await stranger.signMessage({ message })
      expect(await browser.ask('POST', '/session/wallet', { message, signature })).toMatchObject({
        status: 400,
        body: { error: { code: 'walletRefused' } },
      })
    }
    const other = await signed(browser, '/session/wallet', stranger)
    const signature = await account.signMessage({ message: other.message })
    expect((await browser.ask('POST', '/session/wallet', { ...other, signature })).status).toBe(400)
  })

  it('that is a contract is asked on the chain (ERC-1271)', async () => {
    const contract = '0x00000000000000000000000000000000000C0DE1'
    const says = async (magic: string): Promise<void> => {
      // Answers every call with one word.
      const code = `0x63${magic}60e01b60005260206000f3`
      await fetch(chain.anvil.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_setCode', params: [contract, code] }),
      })
    }
    const owner = await house.signIn('viewer')
    const signature = `0x${'11'.repeat(65)}`
    const answer = async (): Promise<number> => {
      const address = { address: contract }
      const { body } = await owner.ask<{ message: string }>('POST', '/session/wallets/challenge', address)
      return (await owner.ask('POST', '/session/wallets', { message: body.message, signature })).status
    }
    expect(await answer()).toBe(400)
    await says('ffffffff')
    expect(await answer()).toBe(400)
    await says('1626ba7e')
    expect(await answer()).toBe(200)
  })

  it('that is the only way in stays, and goes when there is another', async () => {
    const owner = await house.signIn('viewer')
    const [first, second] = [
      privateKeyToAccount(generatePrivateKey()),
      privateKeyToAccount(generatePrivateKey()),
    ]
    await owner.ask('POST', '/session/wallets', await signed(owner, '/session/wallets', first))
    expect((await owner.ask('DELETE', `/session/wallets/${first.address}`)).body).toMatchObject({
      error: { code: 'lastWayIn' },
    })
    await owner.ask('POST', '/session/wallets', await signed(owner, '/session/wallets', second))
    expect((await owner.ask('DELETE', `/session/wallets/${first.address}`)).status).toBe(204)
    const browser = house.newBrowser()
    const answer = await signed(browser, '/session/wallet', first)
    expect((await browser.ask('POST', '/session/wallet', answer)).status).toBe(401)
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

  it('of another address, or given for another purpose, is refused', async () => {
    const owner = await house.signIn('viewer')
    const phisher = await createSoftAuthenticator('https://evil.example')
    const begun = await owner.ask<{ options: never }>('POST', '/session/passkeys/challenge')
    const stolen = await phisher.register(begun.body.options)
    expect(await owner.ask('POST', '/session/passkeys', { response: stolen })).toMatchObject({
      status: 400,
      body: { error: { code: 'passkeyRefused' } },
    })
    const other = await house.signIn('viewer')
    const device = await createSoftAuthenticator(house.origin)
    const theirs = await other.ask<{ options: never }>('POST', '/session/passkeys/challenge')
    const response = await device.register(theirs.body.options)
    expect((await owner.ask('POST', '/session/passkeys', { response })).status).toBe(400)
  })

  it('whose counter goes back is a copy, and is refused', async () => {
    const owner = await house.signIn('viewer')
    const device = await createSoftAuthenticator(house.origin)
    const begun = await owner.ask<{ options: never }>('POST', '/session/passkeys/challenge')
    await owner.ask('POST', '/session/passkeys', { response: await device.register(begun.body.options) })
    const signIn = async (): Promise<number> => {
      const browser = house.newBrowser()
      const { body } = await browser.ask<{ options: never }>('POST', '/session/passkey/challenge')
      const answer = await browser.ask('POST', '/session/passkey', {
        response: await device.sign(body.options),
      })
      return answer.status
    }
    expect(await signIn()).toBe(200)
    device.setCounter(0)
    expect(await signIn()).toBe(400)
  })
})
