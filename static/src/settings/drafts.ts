/** What was written and not saved yet, of each inbox, while the page is open; and saving it. */

import { signal } from '@preact/signals'
import { HttpError } from '../shared/http'
import type { InboxField, InboxSettings, SettingValue } from '../shared/inbox-wire'
import { notify } from '../shared/notices'
import { refused } from '../shared/words'
import { kindOfNew, open } from './address'
import { add, change, forms, type Written } from './inboxes'
import { t } from './words'

/** Only what differs from what is saved. `faults` by field; that of `name` is the name's. */
interface Draft { name?: string; values: Written; faults: Readonly<Record<string, string>> }

const EMPTY: Draft = { values: {}, faults: {} }
export const drafts = signal<Readonly<Record<string, Draft>>>({})
export const saving = signal(false)

export const draftOf = (key: string): Draft => drafts.value[key] ?? EMPTY

export function changed(key: string): boolean {
  const { name, values } = drafts.value[key] ?? EMPTY
  return name !== undefined || Object.keys(values).length > 0
}

export const unsaved = (): boolean => Object.keys(drafts.peek()).some(changed)

export function writeName(key: string, name: string, saved: string | undefined): void {
  const { name: _old, ...rest } = draftOf(key)
  keep(key, { ...(name === saved ? rest : { ...rest, name }), faults: without(rest.faults, 'name') })
}

/** `saved` undefined: of a secret, whatever is written is another; empty, it stays. */
export function writeValue(
  key: string, field: InboxField, value: SettingValue, saved: SettingValue | undefined,
): void {
  const draft = draftOf(key)
  const values = without(draft.values, field.name)
  const same = value === saved || (saved === undefined && value === '')
  keep(key, {
    ...draft, values: same ? values : { ...values, [field.name]: value },
    faults: without(draft.faults, field.name),
  })
}

export function drop(key: string): void {
  drafts.value = without(drafts.peek(), key)
}

/** Saves what is open; what is wrong is told at its field. True when it is saved. */
export async function save(
  key: string, kind: string, saved: InboxSettings | undefined,
): Promise<boolean> {
  const draft = draftOf(key)
  const faults = missing(draft, kind, saved)
  if (Object.keys(faults).length > 0) return failed(key, faults)
  saving.value = true
  try {
    if (saved) await change(saved.id, draft.name?.trim(), draft.values)
    else {
      const made = await add(kindOfNew(key) ?? kind, draft.name?.trim() ?? '', draft.values)
      drop(key)
      open(made.id)
    }
    drop(key)
    notify({ kind: 'done', text: t('saved') })
    return true
  } catch (failure) {
    if (!(failure instanceof HttpError)) throw failure
    return failed(key, told(failure, kind))
  } finally {
    saving.value = false
  }
}

function failed(key: string, faults: Readonly<Record<string, string>>): boolean {
  keep(key, { ...draftOf(key), faults })
  return false
}

function missing(
  draft: Draft, kind: string, saved: InboxSettings | undefined,
): Record<string, string> {
  const faults: Record<string, string> = {}
  if (!(draft.name ?? saved?.name)?.trim()) faults['name'] = t('needed')
  for (const { name, required } of fieldsOf(kind)) {
    const value = draft.values[name] ?? (saved ? undefined : '')
    if (required && value === '') faults[name] = t('needed')
  }
  return faults
}

/** The server names each setting at fault in backticks: `$.url`, or `url` where it is missing. */
function told(failure: HttpError, kind: string): Record<string, string> {
  const { code, message } = failure.refusal
  if (code === 'conflict') return { name: t('nameTaken') }
  const named = [...message.matchAll(/`(?:\$\.)?(\w+)`/g)].map(([, name = '']) => name)
  const known = new Set(['name', ...fieldsOf(kind).map(({ name }) => name)])
  const faults = named.filter((name) => code === 'invalid' && known.has(name))
  if (faults.length === 0) notify({ kind: 'failed', text: refused(failure.refusal) })
  return Object.fromEntries(faults.map((name) => [name, t('wrong')]))
}

export function fieldsOf(kind: string): readonly InboxField[] {
  return forms.value.find((one) => one.kind === kind)?.fields ?? []
}

function keep(key: string, draft: Draft): void {
  drafts.value = { ...drafts.peek(), [key]: draft }
}

function without<T>(all: Readonly<Record<string, T>>, name: string): Record<string, T> {
  const { [name]: _gone, ...rest } = all
  return rest
}
