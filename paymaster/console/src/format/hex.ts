// Addresses and hashes as people compare them: both ends. The whole is always one click away.

export function shortHex(value: string): string {
  return value.length <= 14 ? value : `${value.slice(0, 6)}…${value.slice(-4)}`
}
