/** Something that the server lists: fetched when it is looked at, and anew when it may have changed. */

import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { get, HttpError } from '../../shared/http'
import { heard } from './heard'

export interface Source<T> {
  /** What came last; it stays while a later one does not come. */
  value: ReadonlySignal<T | null>
  state: ReadonlySignal<'loading' | 'ready' | 'failed'>
  load: () => Promise<void>
  /** Keeps it fresh, until the function that comes back is called. */
  follow: () => () => void
}

/** `path` may hang on signals: another one is another question. */
export function source<T>(path: () => string): Source<T> {
  const value = signal<T | null>(null)
  const state = signal<'loading' | 'ready' | 'failed'>('loading')
  let asked = 0
  const load = async (): Promise<void> => {
    const mine = ++asked
    try {
      const found = await get<T>(path())
      if (mine !== asked) return
      value.value = found
      state.value = 'ready'
    } catch (reason) {
      if (!(reason instanceof HttpError)) throw reason
      if (mine === asked) state.value = 'failed'
    }
  }
  return { value, state, load, follow: shared(() => effect(() => {
    void heard.value
    path()
    untracked(() => void load())
  })) }
}

/** Done once, however many want it, for as long as one of them does. */
function shared(begin: () => () => void): () => () => void {
  let wanted = 0
  let stop = (): void => undefined
  return () => {
    if (wanted++ === 0) stop = begin()
    return () => { if (--wanted === 0) stop() }
  }
}
