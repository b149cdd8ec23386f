// How one setting is spelled on the command line and in the environment.

/** `rpcUrl` → `--rpc-url`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/** `rpcUrl` → `WORLDLAND_BUNDLER_RPC_URL`. */
export function environmentName(prefix: string, name: string): string {
  return `${prefix}_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}
