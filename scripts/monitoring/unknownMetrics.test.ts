import { describe, expect, it } from 'vitest'
import { unknownMetrics } from './unknownMetrics.ts'

const known = [
  { name: 'bundler_turns_waiting', type: 'gauge' },
  { name: 'bundler_rpc_seconds', type: 'histogram' },
] as const

describe('the metrics that alerts name', () => {
  it('are known by the names that Prometheus stores them under', () => {
    const expressions = ['bundler_turns_waiting > 3', 'rate(bundler_rpc_seconds_count[5m]) > 1', 'up == 0']
    expect(unknownMetrics(expressions, known)).toEqual([])
  })

  it('are told by name when no daemon has them', () => {
    expect(unknownMetrics(['sum(paymaster_gone_total) > 0', 'bundler_rpc_seconds > 1'], known)).toEqual([
      'paymaster_gone_total',
      'bundler_rpc_seconds',
    ])
  })
})
