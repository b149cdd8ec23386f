// Whether a registry stands where only this host and its neighbours reach: the engine would ask there in the host's name,
// whatever listens. A name of the internet is looked up, for it may lead inward. What the engine finds when it looks
// the name up itself, or where a registry sends it on to, is not known here.
import { lookup } from 'node:dns/promises'
import { hostOf, isInwardAddress, isInwardName, registryOf } from '../imageOrigin.ts'

export async function isFromInward(image: string): Promise<boolean> {
  const registry = registryOf(image)
  if (registry === undefined) return false
  const host = hostOf(registry)
  if (isInwardName(host)) return true
  // Unknown here, the engine may know it by a proxy; else it says so in its own words.
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.some(({ address }) => isInwardAddress(address))
}
