// The page is being written.
import { Loading } from '../../components/Loading.tsx'

export function PolicyPage() {
  return <Loading />
}
