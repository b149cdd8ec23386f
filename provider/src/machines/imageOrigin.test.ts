import { describe, expect, it } from 'vitest'
import { hostOf, isInwardAddress, isInwardName, registryOf } from './imageOrigin.ts'

describe('the origin of an image', () => {
  it.each([
    ['ubuntu', undefined],
    ['me/tool:1', undefined],
    ['ghcr.io/me/tool', 'ghcr.io'],
    ['localhost/x', 'localhost'],
    ['registry:5000/x', 'registry:5000'],
    ['Registry/x', 'Registry'],
  ])('of %s is the registry %s', (image, registry) => {
    expect(registryOf(image)).toBe(registry)
  })

  it.each([
    ...[
      'localhost',
      '127.0.0.1:5000',
      '10.0.0.5',
      '172.31.0.1:80',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...[
      '0.0.0.0',
      '127.1',
      '2130706433:80',
      '0x7f.1',
      'registry:5000',
      'Registry',
      'metadata.google.internal',
    ],
    ...['printer.local', 'LOCALHOST.', 'localhost.localdomain:5000'],
  ])('%s is within the own network (attack)', registry => {
    expect(isInwardName(hostOf(registry))).toBe(true)
  })

  it.each(['ghcr.io', 'docker.io:443', '8.8.8.8:5000', 'internal.example.com', 'registry-1.docker.io'])(
    '%s is of the internet',
    registry => {
      expect(isInwardName(hostOf(registry))).toBe(false)
    },
  )

  it('is known by any form of an address', () => {
    const inward = ['::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'fd00::1', 'fe80::1', '10.1.2.3']
    expect(inward.filter(address => !isInwardAddress(address))).toEqual([])
    expect(['2606:4700::1', '1.1.1.1', '::ffff:8.8.8.8'].filter(isInwardAddress)).toEqual([])
  })
})
