// For who is not signed in.
import { Loading } from '../../components/Loading.tsx'

export function SignInPage() {
  return <Loading />
}
