/** How the answer will read in each channel: asked of the server while it is written. */

import { effect, signal } from '@preact/signals'
import type { AnswerPreview } from '../../../shared/entry-wire'
import { post } from '../../../shared/http'
import type { Variant } from '../fields'
import { form, openId } from './opened'

const PAUSE_MS = 250

const NOTHING: AnswerPreview = { items: [], variables: [] }

export const preview = signal<AnswerPreview>(NOTHING)

/** Until the function that comes back is called. */
export function followAnswer(): () => void {
  let pause: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()
  const stop = effect(() => {
    const { answer, variants } = form.value
    clearTimeout(pause)
    asking.abort()
    if (!openId.value) return
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
    preview.value = NOTHING
    return
  }
  try {
    const body = { answer, ...(variants.length > 0 && { variants }) }
    preview.value = await post<AnswerPreview>('/api/preview', body, { signal: given })
  } catch {
    if (!given.aborted) preview.value = NOTHING // no connection: none is better than an old one
  }
}
