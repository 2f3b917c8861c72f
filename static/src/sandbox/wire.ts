/** What the stand-in answers, and the calls to it. */

import type { Name } from './words'

export interface MenuItem {
  type: string
  content: string
  id?: string
  url?: string
  pagepath?: string
}
export interface Content {
  text?: string
  note?: string
  media?: string
  thumb?: string
  picture?: string
  name?: string
  seconds?: number
  recognition?: string
  title?: string
  label?: string
  description?: string
  url?: string
  path?: string
  head?: string
  tail?: string
  items?: MenuItem[]
}
export interface Line {
  n: number
  at: number
  own: boolean
  type: string
  data: Content
  state: '' | 'sending' | 'taken' | 'failed' | 'broken'
  reason: string
}
export interface Push {
  seq: number
  account: Name
  state: string
  tries: number
  reason: string
  type: string
}
export type Faults = Record<string, unknown> & { slow_s: number }
export interface Snapshot {
  lines: Line[]
  follows: boolean
  typing: boolean
  window: null | { until_s: number; remaining: number; total: number }
  session: number | null
  ahead: number
  faults: Faults
  pushes: Push[]
  hook: string
  verified: string | null
}
export type Act = Record<string, string | number> & { type: string }

/** `seen` is called at once and at each change, until the returned function is. */
export function watch(account: Name, person: string, seen: (now: Snapshot) => void): () => void {
  const events = new EventSource(`/_/events?account=${account}&person=${person}`)
  events.onmessage = ({ data }) => seen(JSON.parse(data as string) as Snapshot)
  return () => events.close()
}

/** An empty text, or what the stand-in says against it. */
export async function post(path: string, body: unknown): Promise<string> {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  return answer.ok ? '' : await answer.text()
}

export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let from = 0; from < bytes.length; from += 32_768) {
    text += String.fromCharCode(...bytes.subarray(from, from + 32_768))
  }
  return btoa(text)
}
