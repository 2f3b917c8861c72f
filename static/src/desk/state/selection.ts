/** Which talk and which tabs are open. The address carries the talk, so that a reload and the
 * browser's "back" (the way home on a phone) do what they promise. */

import { computed, signal } from '@preact/signals'
import type { Conversation } from '../../shared/wire'
import { conversations, sections, type Section } from './conversations'
import { visible } from './visible'

export type SideTab = 'suggestions' | 'phrases' | 'customer'
export type Screen = 'list' | 'talk' | 'side'

export const openId = signal<string | null>(null)
export const section = signal<Section>('mine')
export const sideTab = signal<SideTab>('suggestions')
/** Below 1280 px the right column is a drawer; on a phone a screen of its own. */
export const sideShown = signal(false)
export const search = signal('')

export const openTalk = computed(() => conversations.value.get(openId.value ?? '') ?? null)
/** Words in the talk that is being looked at count as read. */
export function unreadIn(talk: Conversation): number {
  return talk.id === openId.value && visible.value ? 0 : talk.unread
}

export const unreadTalks = computed(() =>
  sections.value.mine.filter((talk) => unreadIn(talk) > 0).length)

export const screen = computed<Screen>(() => {
  if (!openId.value) return 'list'
  return sideShown.value ? 'side' : 'talk'
})

const phone = matchMedia('(max-width: 767px)')

export function openConversation(id: string): void {
  if (openId.peek() === id) {
    hideSide()
    return
  }
  const step = phone.matches && !openId.peek() ? 'pushState' : 'replaceState'
  history[step]({ talk: true }, '', `#${id}`)
  openId.value = id
  sideShown.value = false
}

export function leaveConversation(): void {
  if (phone.matches && (history.state as { talk?: boolean } | null)?.talk) {
    history.back()
    return
  }
  history.replaceState(null, '', location.pathname + location.search)
  openId.value = null
  sideShown.value = false
}

export function showSide(tab: SideTab): void {
  sideTab.value = tab
  if (phone.matches && openId.peek() && !sideShown.peek()) {
    history.pushState({ talk: true, side: true }, '', location.hash)
  }
  sideShown.value = true
}

export function hideSide(): void {
  if (phone.matches && (history.state as { side?: boolean } | null)?.side) history.back()
  else sideShown.value = false
}

export function followAddress(): void {
  const follow = (): void => {
    openId.value = location.hash.slice(1) || null
    sideShown.value = Boolean((history.state as { side?: boolean } | null)?.side)
  }
  addEventListener('popstate', follow)
  openId.value = location.hash.slice(1) || null
}
