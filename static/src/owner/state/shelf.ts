/** The shop's entries, all of them, kept as the server has them. */

import { computed, signal } from '@preact/signals'
import { warm } from '../../shared/finding'
import { get, HttpError } from '../../shared/http'
import type { Entry, EntryList } from '../../shared/wire'

/** So many are drawn at once; of a large shop the others follow. */
const FIRST = 300
/** Several changes that come at once are fetched once. */
const GATHER_MS = 300

/** In the owner's order. */
export const shelf = signal<readonly Entry[]>([])
export const shelfState = signal<'loading' | 'ready' | 'failed'>('loading')
export const byId = computed(() => new Map(shelf.value.map((entry) => [entry.id, entry])))

/** Entries that were deleted while this page was open. */
export const gone = signal<ReadonlyMap<string, Entry>>(new Map())

let running: Promise<void> | null = null
let again = false
let gathering: ReturnType<typeof setTimeout> | undefined
const changed = new Set<string>()
let whole = false

/** Callers during a request are served by one more. */
export function loadShelf(): Promise<void> {
  if (running) {
    again = true
    return running
  }
  running = load().finally(() => { running = null })
  return running
}

/** Of others' changes: the entries named, or without names any of them. */
export function shelfChanged(ids?: readonly string[]): void {
  if (ids) ids.forEach((id) => changed.add(id))
  else whole = true
  clearTimeout(gathering)
  gathering = setTimeout(() => void catchUp(), GATHER_MS)
}

/** What was just saved, without waiting for the list. */
export function putEntry(entry: Entry): void {
  const all = shelf.peek()
  shelf.value = byId.peek().has(entry.id)
    ? all.map((one) => one.id === entry.id ? entry : one) : [...all, entry]
}

export function dropEntry(id: string): void {
  remember([id])
  shelf.value = shelf.peek().filter((entry) => entry.id !== id)
}

async function catchUp(): Promise<void> {
  const ids = [...changed]
  const all = whole
  changed.clear()
  whole = false
  if (all) return loadShelf()
  await Promise.all(ids.map(fetchOne))
}

async function fetchOne(id: string): Promise<void> {
  try {
    const entry = await get<Entry>(`/api/entries/${encodeURIComponent(id)}`)
    if (byId.peek().get(id)?.revision !== entry.revision) putEntry(entry)
  } catch (reason) {
    if (reason instanceof HttpError && reason.status === 404) dropEntry(id)
    else shelfChanged()
  }
}

async function load(): Promise<void> {
  do {
    again = false
    try {
      take(await all())
      shelfState.value = 'ready'
    } catch {
      if (shelfState.peek() !== 'ready') shelfState.value = 'failed'
    }
  } while (again)
}

async function all(): Promise<readonly Entry[]> {
  if (shelf.peek().length > 0) return (await get<EntryList>('/api/entries')).items
  const { items, total } = await get<EntryList>(`/api/entries?limit=${FIRST}`)
  if (items.length === total) return items
  take(items)
  await drawn() // reading thousands would keep the first ones from the screen
  const rest = await get<EntryList>(`/api/entries?offset=${FIRST}`)
  return [...items, ...rest.items]
}

/** After the next frame; a page that nobody sees draws none. */
function drawn(): Promise<void> {
  return new Promise((done) => {
    if (document.hidden) done()
    else requestAnimationFrame(() => setTimeout(done))
  })
}

/** An entry that is as it was stays the same object: nothing that hangs on it is made anew. */
function take(items: readonly Entry[]): void {
  const known = byId.peek()
  const next = items.map((entry) => {
    const held = known.get(entry.id)
    return held?.revision === entry.revision ? held : entry
  })
  const before = shelf.peek()
  if (next.length !== before.length || next.some((entry, at) => entry !== before[at])) {
    const there = new Set(next.map(({ id }) => id))
    remember([...known.keys()].filter((id) => !there.has(id)))
    shelf.value = next
    warm(next)
  }
}

function remember(ids: readonly string[]): void {
  const left = new Map(gone.peek())
  for (const id of ids) {
    const entry = byId.peek().get(id)
    if (entry) left.set(id, entry)
  }
  gone.value = left
}
