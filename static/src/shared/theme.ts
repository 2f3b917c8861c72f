/** Light or dark, and which language: what a person chose for our pages on this machine. */

import { effect } from '@preact/signals'
import { kept } from './kept'

export type Theme = 'auto' | 'light' | 'dark'

export const theme = kept<Theme>('theme', 'auto', ['auto', 'light', 'dark'])

/** Writes the resolved theme on the root: the dark colours are chosen by that attribute alone. */
export function showTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const show = (): void => {
    const dark = theme.value === 'dark' || (theme.value === 'auto' && system.matches)
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  }
  system.addEventListener('change', show)
  effect(show)
}

/** The server reads the cookie for the page itself; the page then comes in the other language. */
export function chooseLanguage(lang: string): void {
  document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`
  const address = new URL(location.href)
  address.searchParams.delete('lang')
  history.replaceState(history.state, '', address)
  location.reload()
}
