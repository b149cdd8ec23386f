// A browser and its system as people call them, out of the long line by which it introduces itself.
const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Whale/', 'Whale'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const systems = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

export function browserName(userAgent: string): string {
  const [browser, system] = [browsers, systems].map(
    known => known.find(([mark]) => userAgent.includes(mark))?.[1],
  )
  if (browser === undefined) return userAgent.slice(0, 40) || '?'
  return system === undefined ? browser : `${browser}, ${system}`
}
