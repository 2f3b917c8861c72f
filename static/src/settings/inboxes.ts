/** The shop's channel accounts and their forms, as the server has them. */

import { signal } from '@preact/signals'
import { boot } from '../shared/boot'
import { get, HttpError, patch, post } from '../shared/http'
import type {
  InboxChecked, InboxForm, InboxList, InboxSettings, SettingValue,
} from '../shared/inbox-wire'

export type Loading = 'loading' | 'failed' | 'there'

/** Whether who is signed in may see any of it. */
export const mine = boot.agent.role === 'owner'

export const loading = signal<Loading>('loading')
export const inboxes = signal<readonly InboxSettings[]>([])
export const forms = signal<readonly InboxForm[]>([])
/** What the last check of each said; gone with the next change of it. */
export const checks = signal<Readonly<Record<string, InboxChecked | 'running' | HttpError>>>({})

export async function load(): Promise<void> {
  loading.value = 'loading'
  try {
    const { items, kinds } = await get<InboxList>('/api/inboxes')
    inboxes.value = items
    forms.value = kinds
    loading.value = 'there'
  } catch (failure) {
    if (!(failure instanceof HttpError)) throw failure
    loading.value = 'failed'
  }
}

export type Written = Readonly<Record<string, SettingValue>>

export async function add(kind: string, name: string, config: Written): Promise<InboxSettings> {
  const made = await post<InboxSettings>('/api/inboxes', { kind, name, config })
  inboxes.value = [...inboxes.peek(), made]
  return made
}

export async function change(id: string, name: string | undefined, config: Written): Promise<void> {
  const after = await patch<InboxSettings>(
    `/api/inboxes/${encodeURIComponent(id)}`, { ...(name !== undefined && { name }), config },
  )
  inboxes.value = inboxes.peek().map((one) => one.id === id ? after : one)
  const { [id]: _old, ...rest } = checks.peek()
  checks.value = rest
}

export async function check(id: string): Promise<void> {
  tell(id, 'running')
  try {
    tell(id, await post<InboxChecked>(`/api/inboxes/${encodeURIComponent(id)}/check`))
  } catch (failure) {
    if (!(failure instanceof HttpError)) throw failure
    tell(id, failure)
  }
}

function tell(id: string, told: InboxChecked | 'running' | HttpError): void {
  checks.value = { ...checks.peek(), [id]: told }
}
