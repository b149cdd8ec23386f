// Calls across a message port, in both directions: arguments and answers are copied, errors keep their words.
import type { MessagePort, Worker } from 'node:worker_threads'

export type Handlers = Readonly<Record<string, (...parameters: never[]) => unknown>>

export type WorkerChannel = {
  call<Answer>(method: string, ...parameters: readonly unknown[]): Promise<Answer>
  /** Fails all calls that are under way. */
  close(reason: Error): void
}

type Message =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: string
      readonly parameters: readonly unknown[]
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly words: string }

type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void }

export function openChannel(port: MessagePort | Worker, handlers: Handlers): WorkerChannel {
  const waiting = new Map<number, Waiting>()
  let lastId = 0

  async function answer({ id, method, parameters }: Message & { kind: 'call' }): Promise<void> {
    try {
      const handler = handlers[method]
      if (handler === undefined) throw new Error(`There is no ${method} on this side`)
      const answered = await handler(...(parameters as never[]))
      port.postMessage({ kind: 'answer', id, answer: answered } satisfies Message)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      port.postMessage({ kind: 'failure', id, words } satisfies Message)
    }
  }

  port.on('message', (message: Message) => {
    if (message.kind === 'call') {
      void answer(message)
      return
    }
    const caller = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'answer') caller?.resolve(message.answer as never)
    else caller?.reject(new Error(message.words))
  })

  return {
    call(method, ...parameters) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        port.postMessage({ kind: 'call', id, method, parameters } satisfies Message)
      })
    },
    close(reason) {
      for (const { reject } of waiting.values()) reject(reason)
      waiting.clear()
    },
  }
}
