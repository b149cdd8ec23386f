// A wallet as an extension puts it into a page (ERC-1193, announced by ERC-6963). Its key stays outside of the page.
import type { Page } from 'playwright-core'
import type { Hex, TypedDataDefinition } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

type Request = { readonly method: string; readonly params?: readonly unknown[] }

export async function injectWallet(
  page: Page,
  { rpcUrl }: { readonly rpcUrl: string },
): Promise<{ readonly signatures: () => number }> {
  const account = privateKeyToAccount(generatePrivateKey())
  let signatures = 0

  async function answer({ method, params = [] }: Request): Promise<unknown> {
    if (method === 'eth_requestAccounts' || method === 'eth_accounts') return [account.address]
    if (method === 'personal_sign') {
      signatures++
      return await account.signMessage({ message: { raw: params[0] as Hex } })
    }
    if (method === 'eth_signTypedData_v4') {
      signatures++
      return await account.signTypedData(JSON.parse(String(params[1])) as TypedDataDefinition)
    }
    return await askNode(rpcUrl, { method, params })
  }

  await page.exposeFunction('askWallet', answer)
  await page.addInitScript(announceWallet)
  return { signatures: () => signatures }
}

async function askNode(rpcUrl: string, request: Request): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...request }),
  })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error !== undefined) throw new Error(error.message)
  return result
}

/** Runs in the page, before its own scripts. */
function announceWallet(): void {
  const page = globalThis as unknown as {
    askWallet: (request: Request) => Promise<unknown>
    addEventListener: (name: string, listener: () => void) => void
    dispatchEvent: (event: object) => void
    CustomEvent: new (name: string, options: { detail: unknown }) => object
  }
  const provider = { request: (request: Request) => page.askWallet(request), on() {}, removeListener() {} }
  const detail = Object.freeze({
    info: {
      uuid: '350670db-19fa-4704-a166-e52e178b59d2',
      name: 'Test wallet',
      icon: 'data:,',
      rdns: 'org.example',
    },
    provider,
  })
  const announce = () => page.dispatchEvent(new page.CustomEvent('eip6963:announceProvider', { detail }))
  page.addEventListener('eip6963:requestProvider', announce)
  announce()
}
