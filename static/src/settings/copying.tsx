/** Copying: by the clipboard where the browser allows it, else by its older command. */

import type { JSX } from 'preact'
import { Icon } from '../shared/icon'
import { copy } from '../shared/icons'
import { notify } from '../shared/notices'
import { t } from './words'

export function CopyButton({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <button type="button" class="button" aria-label={label} onClick={() => void copyText(text)}>
      <Icon of={copy} small />{t('copy')}
    </button>
  )
}

async function copyText(text: string): Promise<void> {
  const copied = await toClipboard(text) || byCommand(text)
  notify(copied ? { kind: 'done', text: t('copied') } : { kind: 'failed', text: t('copyFailed') })
}

/** Browsers have it only on safe addresses, and may ask the person first. */
async function toClipboard(text: string): Promise<boolean> {
  if (!isSecureContext) return false
  return navigator.clipboard.writeText(text).then(() => true, () => false)
}

function byCommand(text: string): boolean {
  const box = document.createElement('textarea')
  const before = document.activeElement as HTMLElement | null
  box.value = text
  box.className = 'sr-only'
  document.body.append(box)
  box.select()
  const copied = document.execCommand('copy')
  box.remove()
  before?.focus()
  return copied
}
