import { expect, it } from 'vitest'
import { Dependencies } from '../chainState/dependencies.ts'
import { LatestDependencies } from './latestDependencies.ts'

const blocksPass = (latest: LatestDependencies, count: number): void => {
  for (let block = 0; block < count; block++) latest.blockPassed()
}

it('what an operation stood on is remembered as long as somebody asks for it', () => {
  const latest = new LatestDependencies()
  const dependencies = new Dependencies()
  latest.set('waiting', dependencies)
  for (let round = 0; round < 5; round++) {
    blocksPass(latest, 4)
    expect(latest.get('waiting')).toBe(dependencies)
  }
})

it('what nobody asks for any more is forgotten after some blocks', () => {
  const latest = new LatestDependencies()
  latest.set('landed', new Dependencies())
  blocksPass(latest, 8)
  expect(latest.get('landed')).toBeUndefined()
})

it('of a flood the newest are remembered', () => {
  const latest = new LatestDependencies()
  for (let number = 0; number < 30_000; number++) latest.set(`${number}`, new Dependencies())
  expect(latest.get('29999')).toBeDefined()
  expect(latest.get('25000')).toBeDefined()
  expect(latest.get('0')).toBeUndefined()
})
