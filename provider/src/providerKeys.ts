// The provider's key on the command line: `worldland-provider keys`.
import type { KeysCommands } from '@worldland-aa/service/cli/keysCommands'

export const providerKeys: KeysCommands = {
  program: 'worldland-provider',
  prefix: 'WORLDLAND_PROVIDER',
  example: 'provider.key',
  purpose: 'a key of a provider',
  advice: `As an ordinary key (--provider-key-file alone) send it the stake and a little for gas, in the native coin: the stake is wrapped into the token by itself.
With --bundler-url it owns a ComputeAccount, which needs the stake and its gas in the token, and no coin: worldland-provider check tells its address.`,
}
