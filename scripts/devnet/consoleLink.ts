// A way into the devnet's console: a link that signs in once, as whoever has a shell beside the paymaster may ask for.
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { controlPathOf } from '@worldland-aa/service/control/controlSocket'
import { DevnetError } from './devnetError.ts'

/** `dataFile`: the paymaster's. */
export async function consoleLink(
  dataFile: string,
  role: 'viewer' | 'operator' | 'admin' = 'admin',
): Promise<string> {
  const asked = { command: 'sign-in-link', argument: role }
  const { ok, message } = await askDaemon(controlPathOf(dataFile), asked)
  const [link = ''] = message.split('\n')
  if (!ok) throw new DevnetError(`The paymaster gives no link to its console: ${message}`)
  return link
}
