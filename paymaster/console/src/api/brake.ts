// The operator's brake, as header, overview and settings use it.
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import type { BrakeAnswer, BrakeState } from '../../../src/admin/brake/schema.ts'
import { useApiChange } from './useApiChange.ts'
import { useApiQuery } from './useApiQuery.ts'

const touches = ['brake', 'overview']

export function useBrake(): UseQueryResult<BrakeState> {
  return useApiQuery<BrakeState>({ path: 'brake', live: ['brake'] })
}

export function usePause(): UseMutationResult<BrakeAnswer, Error, void> {
  return useApiChange<BrakeAnswer>({ change: () => ({ path: 'brake/pause' }), touches })
}

export function useResume(): UseMutationResult<BrakeAnswer, Error, void> {
  return useApiChange<BrakeAnswer>({ change: () => ({ path: 'brake/resume' }), touches })
}
