/** What the launcher hands the panel: where the server is, what the shop asked for, its button. */

import type { Rating } from '../shared/wire'
import type { Chat } from './chat'
import type { Ending } from './ending'
import type { Leaving } from './leaving'

export interface FormDeeds {
  rate: (rating: Rating) => Promise<boolean>
  leave: (contact: string, text: string) => Promise<boolean>
}
export interface Forms { ending: Ending; leaving: Leaving }

export interface Handshake {
  /** The server's origin, from the address of the launcher's own script. */
  origin: string
  /** The `data-*` attributes of the shop's script tag. */
  options: DOMStringMap
  host: HTMLElement
  root: ShadowRoot
  button: HTMLButtonElement
  /** The shop's colour or ours, and what is readable on it. */
  accent: string
  ink: string
  /** Distance from the side and from the bottom, in pixels. */
  x: string | number
  y: string | number
  /** The shopper asked for the panel before it had arrived. */
  wanted?: boolean
  /** What the shopper wants to send, until it is taken over; and the talk it goes into. */
  files?: File[]
  chat?: Chat
  /** Takes the files over; there when that part has been fetched. */
  upload?: () => void
  /** Where the forms report when they have been fetched. */
  forms?: (make: (deeds: FormDeeds) => Forms) => void
}

declare global {
  interface Window {
    dianxiaoer?: Handshake
  }
}
