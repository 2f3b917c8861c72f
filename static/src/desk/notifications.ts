/** Calling the agent: two soft tones, a number in the title, a dot on the icon, a system notice. */

import { effect } from '@preact/signals'
import type { Conversation, Message } from '../shared/wire'
import { boot } from '../shared/boot'
import { visible } from './state/visible'
import { conversations, sectionOf, type Section } from './state/conversations'
import { announce } from '../shared/notices'
import { me } from './state/people'
import { openConversation, openId, unreadTalks } from './state/selection'
import { sound } from './state/settings'
import { inWords, t } from './words'

/** A rising fifth for a new talk, one lower tone for words in another talk. */
const NEW_TALK = [659.3, 987.8]
const NEW_WORDS = [523.3]
const TONE_S = 0.16
const SHOWN = 120

let audio: AudioContext | null = null

export function chimeTalk(talk: Conversation, where: Section): void {
  const key = where === 'mine' ? 'announceTalk' : 'announceQueue'
  announce(t(key, { name: talk.contact.name }))
  play(NEW_TALK)
  showSystemNotice(talk, talk.preview ? inWords(talk.preview) : '')
}

/** The open talk is on the screen already: it neither sounds nor interrupts. */
export function chimeMessage(id: string, message: Message): void {
  const talk = conversations.peek().get(id)
  if (!talk || sectionOf(talk, me.peek().id) !== 'mine') return
  if (openId.peek() === id && visible.peek()) return
  const text = inWords(message)
  announce(t('announceMessage', { name: talk.contact.name, text: text.slice(0, SHOWN) }))
  play(NEW_WORDS)
  showSystemNotice(talk, text)
}

/** Browsers let a page sound only after a gesture; this one both asks and is the gesture. */
export function turnSound(on: boolean): void {
  sound.value = on ? 'on' : 'off'
  if (!on) return
  play(NEW_TALK)
  if ('Notification' in window && Notification.permission === 'default') {
    void Notification.requestPermission()
  }
}

export function startNotifying(): void {
  addEventListener('pointerdown', wakeAudio)
  addEventListener('keydown', wakeAudio)
  effect(() => {
    const count = unreadTalks.value
    document.title = `${count > 0 ? `(${count}) ` : ''}${t('title')} · ${boot.shop.name}`
    markIcon(count > 0)
  })
}

function wakeAudio(): void {
  if (sound.peek() !== 'on') return
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
}

function play(tones: readonly number[]): void {
  if (sound.peek() !== 'on') return
  audio ??= new AudioContext()
  if (audio.state !== 'running') return
  tones.forEach((tone, place) => playTone(audio as AudioContext, tone, place * TONE_S))
}

function playTone(context: AudioContext, tone: number, after: number): void {
  const start = context.currentTime + after
  const loudness = context.createGain()
  const voice = context.createOscillator()
  voice.frequency.value = tone
  loudness.gain.setValueAtTime(0, start)
  loudness.gain.linearRampToValueAtTime(0.12, start + 0.02)
  loudness.gain.exponentialRampToValueAtTime(0.001, start + TONE_S * 2)
  voice.connect(loudness).connect(context.destination)
  voice.start(start)
  voice.stop(start + TONE_S * 2)
}

function showSystemNotice(talk: Conversation, text: string): void {
  if (visible.peek() || sound.peek() !== 'on') return
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const notice = new Notification(talk.contact.name, { body: text.slice(0, SHOWN), tag: talk.id })
  notice.onclick = () => {
    window.focus()
    openConversation(talk.id)
    notice.close()
  }
}

function markIcon(marked: boolean): void {
  const dot = marked ? '<circle cx="25" cy="7" r="7" fill="#d93025"/>' : ''
  const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    + '<rect width="32" height="32" rx="8" fill="#24695d"/>'
    + '<path d="M8 11h16v10H14l-4 4v-4H8z" fill="#fff"/>' + dot + '</svg>'
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (link) link.href = `data:image/svg+xml,${encodeURIComponent(picture)}`
}
