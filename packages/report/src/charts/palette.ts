/**
 * The colours, by name, in light and dark. Any two of the six series are at least 14 apart (CIEDE2000) to normal sight and to
 * protanopia, deuteranopia and tritanopia as simulated by Machado et al. (2009), and each has a contrast of at least 3:1
 * to the ground; `hit` and `miss` fill cells below text in `ink`, so they stay pale on white and deep on black. The tests
 * hold all of this.
 */
export const palette = {
  light: {
    ground: '#ffffff',
    ink: '#1c2127',
    muted: '#59626c',
    line: '#e1e4e6',
    link: '#0a5c9e',
    hit: '#56b4e9',
    miss: '#f0a046',
    s0: '#1b86cc',
    s1: '#c8650a',
    s2: '#0a6355',
    s3: '#4a1550',
    s4: '#6a4615',
    s5: '#83888e',
  },
  dark: {
    ground: '#15181b',
    ink: '#e9ebed',
    muted: '#a3abb3',
    line: '#31373d',
    link: '#7cc7fa',
    hit: '#1f6ea8',
    miss: '#9c5a0a',
    s0: '#3cbbf9',
    s1: '#fb8f1e',
    s2: '#3f8c6c',
    s3: '#a75fab',
    s4: '#fcf0b2',
    s5: '#a9aeb4',
  },
} as const

/** A colour of the palette. */
export type ColorName = keyof typeof palette.light

/** In which colours a chart is drawn: fixed ones, or those that the reader's system prefers when it is looked at. */
export type ChartTheme = 'light' | 'dark' | 'auto'

/** The colour as what is drawn carries it. */
export const color = (name: ColorName): string => `var(--cnnkit-${name})`

/** The colour of the n-th run. They repeat after six; the shape of the points tells on. */
export const seriesColor = (index: number): string => color(`s${index % 6}` as ColorName)

const declarations = (theme: 'light' | 'dark'): string =>
  Object.entries(palette[theme])
    .map(([name, value]) => `--cnnkit-${name}:${value}`)
    .join(';')

/** The style sheet that gives the colours to `selector`, dark where the reader prefers it, light on paper. */
export const paletteStyle = (selector: string): string =>
  `${selector}{${declarations('light')}}` +
  `@media screen and (prefers-color-scheme:dark){${selector}{${declarations('dark')}}}`

/** A text in which each colour's name is replaced by the colour. */
export const withColors = (text: string, theme: 'light' | 'dark'): string =>
  text.replace(/var\(--cnnkit-(\w+)\)/g, (whole, name: string) => palette[theme][name as ColorName] ?? whole)
