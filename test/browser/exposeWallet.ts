// A wallet that lives beside the test as `window.ethereum` of a page: each request goes over, with its answer or refusal.
import type { Page } from 'playwright-core'
import type { EIP1193Provider } from 'viem'

type Request = { readonly method: string; readonly params?: readonly unknown[] }
type Said = {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

export async function exposeWallet(page: Page, wallet: EIP1193Provider): Promise<void> {
  await page.exposeFunction('askWallet', async (request: Request): Promise<Said> => {
    try {
      return { result: await wallet.request(request as never) }
    } catch (error) {
      const { code = -32_603, message } = error as Error & { code?: number }
      return { error: { code, message } }
    }
  })
  await page.addInitScript(() => {
    const window = globalThis as unknown as {
      ethereum: object
      askWallet: (request: Request) => Promise<Said>
    }
    window.ethereum = {
      async request(request: Request) {
        const { result, error } = await window.askWallet(request)
        if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code })
        return result
      },
      on() {},
      removeListener() {},
    }
  })
}
