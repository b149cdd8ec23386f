// Where the console begins: look, data, pages.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { queryClient } from './api/queryClient.ts'
import { currentLanguage, useLanguage } from './i18n/language.ts'
import { loadServiceTexts } from './i18n/serviceTexts.ts'
import { styleNonce } from './styleNonce.ts'
import { colorVariables, themeIn } from './theme.ts'

// The service was replaced by a newer one, whose pages have other names.
window.addEventListener('vite:preloadError', () => location.reload())

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
await loadServiceTexts(currentLanguage())
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Console />
    </QueryClientProvider>
  </StrictMode>,
)

function Console() {
  const language = useLanguage()
  const theme = useMemo(() => themeIn(language), [language])
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={colorVariables}
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" />
      <App />
    </MantineProvider>
  )
}
