// Token wei as people read them in an error: exact, in coins.
import { formatEther } from 'viem'

export function amount(wei: bigint): string {
  return `${formatEther(wei)} WLC`
}
