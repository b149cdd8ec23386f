// Whether an image is one of those that a provider lets run: by globs on its full name, or by its digest.
import { hostOf, registryOf } from '../machines/imageOrigin.ts'

/** `ubuntu` as registries know it: `docker.io/library/ubuntu:latest`; a digest stays. */
export function fullImageName(image: string): string {
  const [name = '', digest] = image.split('@', 2)
  const parts = name.split('/')
  const path =
    registryOf(name) !== undefined ? name : `docker.io/${parts.length === 1 ? 'library/' : ''}${name}`
  const isTagged = path.lastIndexOf(':') > path.lastIndexOf('/')
  return `${path}${isTagged || digest !== undefined ? '' : ':latest'}${digest === undefined ? '' : `@${digest}`}`
}

/**
 * `rule`: a digest (`sha256:…`), or a glob: `*` stands for anything within one part of a name, `**` for anything at all.
 * A rule without tag lets all tags through, one with a tag no digest that may be something else.
 */
export function isImageAllowed(image: string, rules: readonly string[]): boolean {
  const full = fullImageName(image)
  const digest = full.split('@', 2)[1]
  return rules.some(rule => {
    if (rule === '*' || rule === '**') return true
    if (/^sha256:[0-9a-f]{64}$/.test(rule)) return digest === rule
    return patternOf(rule).test(full)
  })
}

/**
 * Whether the operator wrote down where it comes from, as its own (`ownImage`) or by a rule that names a registry: then it may
 * come from this host or its neighbours as well. A rule on digests says what may run, and not from where.
 */
export function isImageListed(
  image: string,
  rules: readonly string[] = [],
  ownImage?: string | undefined,
): boolean {
  if (ownImage !== undefined && fullImageName(ownImage) === fullImageName(image)) return true
  return rules.filter(namesOrigin).some(rule => isImageAllowed(image, [rule]))
}

function namesOrigin(rule: string): boolean {
  if (rule === '*' || rule === '**' || rule.startsWith('sha256:')) return false
  return !hostOf(registryOf(rule) ?? '').includes('*')
}

function patternOf(rule: string): RegExp {
  const [name = ''] = rule.split('@', 1)
  const isExact = rule.includes('@') || name.lastIndexOf(':') > name.lastIndexOf('/')
  const full = fullImageName(rule)
  const shown = isExact ? full : full.replace(/:latest$/, '')
  const source = shown
    .split(/(\*\*|\*)/)
    .map(part =>
      part === '**' ? '.*' : part === '*' ? '[^/@]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(isExact ? `^${source}$` : `^${source}(:[^/@]+)?(@sha256:[0-9a-f]{64})?$`)
}
