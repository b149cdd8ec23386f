// The service's keys on the command line: `worldland-paymaster keys`.
import type { KeysCommands } from '@worldland-aa/service/cli/keysCommands'
import { formatEther } from 'viem'
import { paymasterSettings } from './config.ts'

const { stakeWei, depositTargetWei } = paymasterSettings
const fundsWei = (stakeWei.fallback ?? 0n) + (depositTargetWei.fallback ?? 0n)

export const paymasterKeys: KeysCommands = {
  program: 'worldland-paymaster',
  prefix: 'WORLDLAND_PAYMASTER',
  example: 'signer.key',
  purpose: 'a key of a signer or of the treasury',
  advice: `As signer (--signer-key-file) it wants no coin; the owner of the paymaster contract has to call setSigner(address, true), or name it at deployment by --paymaster-signer.
As treasury (--treasury-key-file) send it ${formatEther(fundsWei)} of the native coin for stake and deposit (--stake-wei, --deposit-target-wei) and a little for gas; only the contract's owner can add stake. One key for each.`,
}
