// Who is signed in sees the house; who is not sees the door.
import { Center, Loader } from '@mantine/core'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { queryClient } from './api/queryClient.ts'
import { useSession } from './api/session.ts'
import { ServerGone } from './layout/ServerGone.tsx'
import { startLiveUpdates } from './live/liveUpdates.ts'
import { useLinkToken } from './pages/signIn/linkToken.ts'
import { router } from './router.tsx'

const SignInPage = lazy(async () => ({ default: (await import('./pages/signIn/SignInPage.tsx')).SignInPage }))

export function App() {
  const session = useSession()
  const linkToken = useLinkToken()
  const isSignedIn = session.data !== null && session.data !== undefined && linkToken === undefined
  useEffect(() => (isSignedIn ? startLiveUpdates(queryClient) : undefined), [isSignedIn])
  useEffect(() => {
    if (!session.isError) return
    const knock = setInterval(() => void session.refetch(), 2_000)
    return () => clearInterval(knock)
  }, [session.isError, session.refetch])
  if (isSignedIn) return <RouterProvider router={router} />
  if (session.data === null || linkToken !== undefined) {
    return (
      <Suspense fallback={<Waiting />}>
        <SignInPage linkToken={linkToken} />
      </Suspense>
    )
  }
  return <Waiting />
}

function Waiting() {
  return (
    <Center mih="100dvh" p="md">
      <div>
        <ServerGone />
        <Center>
          <Loader aria-label="Loading" />
        </Center>
      </div>
    </Center>
  )
}
