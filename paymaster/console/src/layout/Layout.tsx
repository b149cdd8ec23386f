// The frame: pages on the left, who and where in the header; on a phone the pages come out of a drawer.
import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { useWords } from '../i18n/words.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { Navigation } from './Navigation.tsx'
import { Network } from './Network.tsx'
import { NoWayInBanner } from './NoWayInBanner.tsx'
import { PausedBanner } from './PausedBanner.tsx'
import { ServerGone } from './ServerGone.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import { layoutWords } from './words.ts'

export function Layout() {
  const words = useWords(layoutWords)
  const [isOpen, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a href="#content" className="skip">
        {words.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? words.closeNavigation : words.openNavigation}
            />
            <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={26} height={26} />
            <Text fw={650} visibleFrom="xs">
              {words.name}
            </Text>
            <Network />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LanguageSwitch />
            <ThemeSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={words.navigation}>
        <Navigation onChosen={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ServerGone />
        <PausedBanner />
        <NoWayInBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
