/** A choice out of a closed list that outlives the page, on this machine. */

import { effect, signal, type Signal } from '@preact/signals'

export function kept<T extends string>(name: string, first: T, allowed: readonly T[]): Signal<T> {
  const key = `desk.${name}`
  const stored = read(key)
  const value = signal<T>(allowed.find((one) => one === stored) ?? first)
  effect(() => write(key, value.value))
  return value
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** A browser that refuses storage keeps the choice for this page only. */
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    return
  }
}
