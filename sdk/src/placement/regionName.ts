// Regions are texts that providers chose: compared in any case, and by the part before a dash, so that `KR` is Korea.

/** Two offers stand in one region if these are equal. */
export function regionKey(region: string): string {
  return region.trim().toLowerCase()
}

export function isRegionAmong(region: string, wanted: readonly string[]): boolean {
  const key = regionKey(region)
  return wanted.map(regionKey).some(name => key === name || key.startsWith(`${name}-`))
}
