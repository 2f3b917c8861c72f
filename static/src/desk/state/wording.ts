/** What an entry says in a talk: its wording for the talk's channel and the customer's level. */

import { boot } from '../../shared/boot'
import type { Entry } from '../../shared/wire'
import { fill, wording, type Values } from '../../shared/wording'
import { variablesOf } from './cards'
import { conversations } from './conversations'
import { me } from './people'

/** Not a blank of answers: the customer's level, by which an answer may have other words. */
export const LEVEL = '等级'

export function saidIn(conversation: string, entry: Entry): string {
  const values = valuesIn(conversation)
  const channel = conversations.value.get(conversation)?.inbox.kind ?? ''
  return fill(wording(entry, channel, values[LEVEL] ?? ''), values)
}

/** Until the customer's card is there, what this screen knows itself. */
function valuesIn(conversation: string): Values {
  return { 客服: me.value.name, 店名: boot.shop.name, ...variablesOf(conversation) }
}
