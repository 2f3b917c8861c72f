/** How the answer will read in each channel: asked of the server while it is written. */

import { effect, signal } from '@preact/signals'
import { HttpError, post } from '../../../shared/http'
import type { Variant } from '../fields'
import { form, openId } from './opened'

export interface PreviewItem {
  channel: string
  level: string
  text: string
  html: string
  length: number
  limit: number
  unit: 'characters' | 'bytes'
  parts: number
}
interface Preview { items: PreviewItem[] }

const PAUSE_MS = 250

/** `absent`: this server has no previews. */
export const preview = signal<readonly PreviewItem[] | 'absent'>([])

/** Until the function that comes back is called. */
export function followAnswer(): () => void {
  let pause: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()
  const stop = effect(() => {
    const { answer, variants } = form.value
    clearTimeout(pause)
    asking.abort()
    if (!openId.value || preview.peek() === 'absent') return
    asking = new AbortController()
    pause = setTimeout(() => void ask(answer, variants, asking.signal), PAUSE_MS)
  })
  return () => {
    stop()
    clearTimeout(pause)
    asking.abort()
  }
}

async function ask(
  answer: string, variants: readonly Variant[], given: AbortSignal,
): Promise<void> {
  if (!answer.trim()) {
    preview.value = []
    return
  }
  try {
    const body = { answer, ...(variants.length > 0 && { variants }) }
    preview.value = (await post<Preview>('/api/preview', body, { signal: given })).items
  } catch (reason) {
    if (given.aborted) return
    const missing = reason instanceof HttpError && (reason.status === 404 || reason.status === 405)
    preview.value = missing ? 'absent' : []
  }
}
