// The token of a sign-in link stands behind #, which no server and no log sees. It is taken from the address bar at
// once, so that neither history nor a screen picture keeps it.
import { useSyncExternalStore } from 'react'

const path = '/console/sign-in'
const listeners = new Set<() => void>()
let token: string | undefined = takeLinkToken()

export function useLinkToken(): string | undefined {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => token,
  )
}

/** It was used, or is good for nothing. */
export function clearLinkToken(): void {
  token = undefined
  for (const listener of listeners) listener()
}

function takeLinkToken(): string | undefined {
  if (location.pathname !== path) return undefined
  const found = location.hash.slice(1)
  history.replaceState(null, '', '/console/')
  return found === '' ? undefined : found
}
