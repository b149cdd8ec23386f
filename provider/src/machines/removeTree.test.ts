import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeTree } from './removeTree.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-aa-tree-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('deleting what a machine wrote', () => {
  it('leaves the event loop free while many files go (attack)', async () => {
    const tree = join(folder, 'many')
    const count = 2_000
    mkdirSync(tree)
    execFileSync('/bin/sh', ['-c', `seq ${count} | xargs touch`], { cwd: tree })
    let isOver = false
    const done = removeTree(tree).finally(() => {
      isOver = true
    })
    let seenHalfway = 0
    while (!isOver) {
      const left = existsSync(tree) ? namesIn(tree) : 0
      if (left > 0 && left < count) seenHalfway += 1
      await sleep(2)
    }
    await done
    expect(seenHalfway).toBeGreaterThan(0)
    expect(existsSync(tree)).toBe(false)
  })

  it('goes down a tree that is deeper than a path may be long (attack)', async () => {
    const tree = join(folder, 'deep')
    mkdirSync(tree)
    const name = 'd'.repeat(200)
    const script = `for n in $(seq 40); do mkdir ${name} && cd -P ${name} || exit 1; done; touch bottom`
    execFileSync('/bin/sh', ['-c', script], { cwd: tree })
    await removeTree(tree)
    expect(existsSync(tree)).toBe(false)
  })

  it('deletes links and not what they lead to (attack)', async () => {
    const tree = join(folder, 'links')
    const outside = join(folder, 'outside')
    mkdirSync(tree)
    mkdirSync(outside)
    writeFileSync(join(outside, 'kept'), 'kept')
    symlinkSync(outside, join(tree, 'folder'))
    symlinkSync(join(outside, 'kept'), join(tree, 'file'))
    await removeTree(tree)
    symlinkSync(outside, tree)
    await removeTree(tree)
    expect(readdirSync(outside)).toEqual(['kept'])
  })

  it('takes a name for no option, and one that is not there for done', async () => {
    await removeTree(join(folder, 'nowhere'))
    mkdirSync(join(folder, '-odd name; *'))
    await removeTree(join(folder, '-odd name; *'))
    expect(existsSync(join(folder, '-odd name; *'))).toBe(false)
  })

  it('says what it cannot delete', async () => {
    mkdirSync(join(folder, 'here'))
    await expect(removeTree(`${folder}/here/.`)).rejects.toThrow(/here\/\. cannot be deleted: .*refusing/)
  })
})

function namesIn(path: string): number {
  try {
    return readdirSync(path).length
  } catch {
    return 0
  }
}
