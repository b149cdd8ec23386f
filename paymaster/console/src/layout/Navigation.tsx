// The way to every page; the one that is shown is marked for eyes and for screen readers.
import { NavLink, Stack } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useWords } from '../i18n/words.ts'
import { navigation, pageWords } from './pages.ts'

export function Navigation({ onChosen }: { readonly onChosen: () => void }) {
  const words = useWords(pageWords)
  const { pathname } = useLocation()
  return (
    <Stack gap={2}>
      {navigation.map(({ name, to, icon: Icon }) => {
        const isShown = to === '/' ? pathname === '/' : pathname.startsWith(to)
        return (
          <NavLink
            key={name}
            component={Link}
            to={to}
            label={words[name]}
            leftSection={<Icon size={18} aria-hidden />}
            active={isShown}
            aria-current={isShown ? 'page' : undefined}
            onClick={onChosen}
            className="nav-link"
          />
        )
      })}
    </Stack>
  )
}
