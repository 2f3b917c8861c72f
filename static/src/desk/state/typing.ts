/** Who is typing in which conversation; a sign that is not renewed fades by itself. */

import { signal } from '@preact/signals'

export interface Typing { text?: string; agent?: string }

const FADE_MS = 6_000

export const typing = signal<ReadonlyMap<string, Typing>>(new Map())

const fading = new Map<string, ReturnType<typeof setTimeout>>()

export function showTyping(conversation: string, sign: Typing): void {
  typing.value = new Map(typing.peek()).set(conversation, sign)
  clearTimeout(fading.get(conversation))
  fading.set(conversation, setTimeout(() => endTyping(conversation), FADE_MS))
}

export function endTyping(conversation: string): void {
  clearTimeout(fading.get(conversation))
  if (!typing.peek().has(conversation)) return
  const left = new Map(typing.peek())
  left.delete(conversation)
  typing.value = left
}
