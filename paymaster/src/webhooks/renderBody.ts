// What an endpoint is sent: the message as it is, or one text for a chat's incoming webhook. A chat reads marks into text,
// and policies and tokens are named by people: what they write must stay what it is.
import type { WebhookFormat } from '../admin/webhooks/schema.ts'

type Message = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>> & { readonly title?: string; readonly text?: string }
}

const mostChatCharacters = 1_900

export function renderBody(format: WebhookFormat, body: string): string {
  if (format === 'standard') return body
  const message = JSON.parse(body) as Message
  const text = chatText(message)
  if (format === 'slack') return JSON.stringify({ text: escapeForSlack(text) })
  // Nobody is called by a name that stands in the text.
  return JSON.stringify({ content: text, allowed_mentions: { parse: [] } })
}

function chatText({ type, data }: Message): string {
  const text =
    data.title === undefined
      ? `${type}: ${Object.entries(data)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', ')}`
      : `${data.title}\n${data.text ?? ''}`
  return text.slice(0, mostChatCharacters)
}

function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
