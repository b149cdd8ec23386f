// The cookie by which a browser shows a lease's token: of one lease at a time, since all of them share this origin, and
// what one machine serves must find no other's key there.

const cookieName = 'worldland-lease'
const cookiePattern = /^([1-9][0-9]{0,28})\.([A-Za-z0-9_-]{1,64})$/

export function portCookie(
  leaseId: bigint,
  token: string,
  { isSecure }: { readonly isSecure: boolean },
): string {
  const attributes = `Path=/leases/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return `${cookieName}=${leaseId}.${token}; ${attributes}`
}

/** Undefined where it is of another lease, or there is none. */
export function cookieToken(cookies: string | undefined, leaseId: bigint): string | undefined {
  const ours = pairsOf(cookies).filter(isOurs)
  // A page can add one of a longer path beside it: then it is not clear whose is meant.
  if (ours.length !== 1) return undefined
  const [, id, token] = cookiePattern.exec(ours[0]?.slice(cookieName.length + 1) ?? '') ?? []
  return id === leaseId.toString() ? token : undefined
}

export function withoutOurCookie(cookies: string | undefined): string | undefined {
  const others = pairsOf(cookies).filter(pair => !isOurs(pair))
  return others.length === 0 ? undefined : others.join('; ')
}

function pairsOf(cookies: string | undefined): readonly string[] {
  return (cookies ?? '')
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair !== '')
}

function isOurs(pair: string): boolean {
  return pair.startsWith(`${cookieName}=`)
}
