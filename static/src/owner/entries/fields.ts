/** The fields of an entry as they are edited: which there are, in which part of the form, and what
 * each looks like when nothing is in it. */

import type { Entry } from '../../shared/wire'

export interface Variant { channel: string; level: string; answer: string }

export interface Form {
  question: string
  similar: string[]
  negative: string[]
  answer: string
  variants: Variant[]
  pictures: string[]
  category: string
  shortcut: string | null
  valid_from: string | null
  valid_to: string | null
  weekdays: number[]
  channels: string[]
  groups: string[]
  tags: string[]
  owner: string
  related: string[]
  hot: boolean
  enabled: boolean
  auto_reply: boolean
  personal: boolean
  note: string
}
export type Field = keyof Form
export type Fields = Partial<Form>

export const EMPTY: Readonly<Form> = {
  question: '', similar: [], negative: [], answer: '', variants: [], pictures: [], category: '',
  shortcut: null, valid_from: null, valid_to: null, weekdays: [], channels: [], groups: [],
  tags: [], owner: '', related: [], hot: false, enabled: true, auto_reply: false, personal: false,
  note: '',
}
export const FIELDS = Object.keys(EMPTY) as Field[]

/** An entry's fields; what the server left out is as in an empty form. */
export function formOf(entry: Partial<Entry>): Form {
  const given = entry as Fields
  return Object.fromEntries(
    FIELDS.map((field) => [field, given[field] ?? EMPTY[field]])) as unknown as Form
}

/** Whether two values of a field say the same. */
export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
