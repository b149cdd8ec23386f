// Who is signed in, and what that role may do. The service judges again; here a button only knows whether to try.
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Role } from '../../../src/admin/adminEnvironment.ts'
import type { Session } from '../../../src/admin/session/schema.ts'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'
import { ApiError } from './apiError.ts'
import { request } from './request.ts'

/** `null`: nobody is. */
export function useSession(): UseQueryResult<Session | null> {
  return useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 })
}

/** Why this is not for who is signed in; undefined when it is. */
export function useRoleProblem(least: Role): string | undefined {
  const words = useWords(commonWords)
  const own = useSession().data?.user.role ?? 'viewer'
  if (rank[own] >= rank[least]) return undefined
  return words.roleTooLow(words.roles[least], words.roles[own])
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 }

async function readSession(): Promise<Session | null> {
  try {
    return await request<Session>('session')
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}
