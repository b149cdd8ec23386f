// One look for both colour schemes: contrast of 4.5 to 1 for every text, a visible focus everywhere.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

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

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 7 },
  colors: { teal },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR", "Apple SD Gothic Neo", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

/** White words on it are read. */
const filledRed = { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#b02525' }

/** What Mantine has too pale for small text. */
export const colorVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5b6570', '--mantine-color-placeholder': '#6b7480', ...filledRed },
  dark: { '--mantine-color-dimmed': '#a3adb8', '--mantine-color-placeholder': '#98a2ad', ...filledRed },
})
