/** The entry in the editor: as it is saved, what was changed, and what is wrong with it. */

import { computed, signal } from '@preact/signals'
import type { EntryWarning } from '../../../shared/entry-wire'
import { place } from '../../address'
import { mayWrite } from '../../rights'
import { byId, gone } from '../../state/shelf'
import type { Field, Form } from '../fields'
import { SECTION } from '../open'
import { discard, drafts, edit, NEW, shown } from './drafts'

export const openId = computed(() => place.value.section === SECTION ? place.value.id : '')
export const isNew = computed(() => openId.value === NEW)
/** One that was deleted meanwhile is still there for what was written into it. */
export const entry = computed(() => byId.value.get(openId.value)
  ?? (drafts.value.has(openId.value) ? gone.value.get(openId.value) : undefined))
export const isGone = computed(() => entry.value !== undefined && !byId.value.has(openId.value))
export const draft = computed(() => drafts.value.get(openId.value))
export const form = computed<Form>(() => shown(entry.value, draft.value))

/** Why the server, or this page, does not take a field. */
export const errors = signal<ReadonlyMap<Field, string>>(new Map())
/** What makes the answers of an entry worse, from when it was last saved here. */
export const warnings = signal<ReadonlyMap<string, readonly EntryWarning[]>>(new Map())

export interface Bound<F extends Field> {
  id: string
  value: Form[F]
  set: (value: Form[F]) => void
  error: string | undefined
  warnings: readonly EntryWarning[]
  readOnly: boolean
}

/** A field of the form, with what is said about it. */
export function bound<F extends Field>(field: F): Bound<F> {
  const about = warnings.value.get(openId.value) ?? []
  return {
    id: `field-${field}`, value: form.value[field], set: (value) => set(field, value),
    error: errors.value.get(field), readOnly: !mayWrite,
    warnings: about.filter((one) => one.field.replace(/\[.*/, '') === field),
  }
}

export function set<F extends Field>(field: F, value: Form[F]): void {
  edit(openId.peek(), entry.peek(), field, value)
  if (!errors.peek().has(field)) return
  const left = new Map(errors.peek())
  left.delete(field)
  errors.value = left
}

export function warn(id: string, told: readonly EntryWarning[]): void {
  warnings.value = new Map(warnings.peek()).set(id, told)
}

let before = ''

openId.subscribe((id) => {
  errors.value = new Map()
  if (before === NEW && id !== NEW) dropUnwritten()
  before = id
})

/** A new entry that got no word is none. */
function dropUnwritten(): void {
  const { question, answer, similar } = shown(undefined, drafts.peek().get(NEW))
  if (!question.trim() && !answer.trim() && similar.length === 0) discard(NEW)
}
