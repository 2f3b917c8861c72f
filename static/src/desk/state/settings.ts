/** What the agent chose on this machine: the key that sends, and sounds. */

import { kept } from '../../shared/kept'

export type SendKey = 'enter' | 'ctrl'
/** `unasked` shows the question; nothing sounds before the answer. */
export type Sound = 'unasked' | 'on' | 'off'

export const sendKey = kept<SendKey>('send-key', 'enter', ['enter', 'ctrl'])
export const sound = kept<Sound>('sound', 'unasked', ['unasked', 'on', 'off'])
