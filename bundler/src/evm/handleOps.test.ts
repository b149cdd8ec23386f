import { describe, expect, it } from 'vitest'
import type { EvmFork } from '../chains/evmFork.ts'
import { expectAgreement } from './testing/agreement.ts'
import { prepareHandleOps } from './testing/handleOps.ts'
import { testBlock } from './testing/world.ts'

describe("the real EntryPoint's handleOps", () => {
  for (const fork of ['london', 'prague'] satisfies EvmFork[]) {
    for (const deploys of [false, true]) {
      it(`does the same on both EVMs: ${deploys ? 'deploys an account' : 'has an account'}, ${fork}`, async () => {
        const { world, message } = await prepareHandleOps({ deploys, fork })
        const result = await expectAgreement({ world, block: testBlock, fork, message })
        expect(result.success).toBe(true)
        expect(result.logs.length).toBeGreaterThanOrEqual(2)
      })
    }
  }
})
