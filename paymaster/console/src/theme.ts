// One look for both colour schemes: contrast of 4.5 to 1 for every text, a visible focus everywhere.
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core'
import { commonWords } from './i18n/commonWords.ts'
import type { Language } from './i18n/language.ts'

/** Teal, dark enough that white text on shade 7 and shade 3 on black both read well. */
const teal: MantineColorsTuple = [
  '#e6f7f9',
  '#d3eaee',
  '#a8d3da',
  '#7bbcc6',
  '#56a8b5',
  '#3f9caa',
  '#2f8896',
  '#0b7285',
  '#05606f',
  '#004b57',
]

/** Mantine's, but for the shades of filled buttons: white on them must be read. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#fa5252',
  '#c92a2a',
  '#b02525',
  '#971f1f',
]
const orange: MantineColorsTuple = [
  '#fff4e6',
  '#ffe8cc',
  '#ffd8a8',
  '#ffc078',
  '#ffa94d',
  '#ff922b',
  '#fd7e14',
  '#bd4b00',
  '#a34100',
  '#8a3700',
]

/** What only a screen reader hears of a component is in the reader's language too. */
export function themeIn(language: Language): MantineThemeOverride {
  const closing = { defaultProps: { closeButtonProps: { 'aria-label': commonWords[language].close } } }
  return createTheme({
    primaryColor: 'teal',
    primaryShade: { light: 7, dark: 7 },
    colors: { teal, red, orange },
    fontFamily:
      'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR", "Apple SD Gothic Neo", sans-serif',
    fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
    defaultRadius: 'md',
    cursorType: 'pointer',
    respectReducedMotion: true,
    components: {
      ...{ Modal: closing, Drawer: closing, Notification: closing },
      // Hints below: fields side by side stand in one line, whichever of them has one.
      InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    },
  })
}

/** What Mantine has too pale for small text. */
export const colorVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6570',
    '--mantine-color-placeholder': '#6b7480',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-yellow-light-color': '#7a4100',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adb8',
    '--mantine-color-placeholder': '#98a2ad',
    '--mantine-color-error': '#ff8787',
  },
})
