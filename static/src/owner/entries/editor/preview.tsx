/** The answer as each channel will show it, how long it is there, and whether that is too long. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { kindName } from '../../../shared/channel'
import type { PreviewItem } from '../../../shared/entry-wire'
import { Icon } from '../../../shared/icon'
import { warning } from '../../../shared/icons'
import { Text } from '../../../shared/parts/text'
import { figure } from '../../../shared/words'
import { followAnswer, preview } from '../state/preview'
import { t } from '../words'

export function Preview(): JSX.Element | null {
  const [chosen, choose] = useState('')
  useEffect(followAnswer, [])
  const { items, variables } = preview.value
  if (items.length === 0) return null
  const unknown = variables.filter(({ known }) => !known).map(({ name }) => `{${name}}`)
  const open = items.find((item) => nameOf(item) === chosen) ?? items[0]
  return (
    <section class="preview" aria-label={t('preview')}>
      <p class="field-label">{t('preview')}</p>
      <div class="preview-channels" role="group" aria-label={t('preview')}>
        {items.map((item) => (
          <button key={nameOf(item)} type="button" class="preview-channel"
            aria-pressed={item === open} data-over={isOver(item) ? '' : undefined}
            onClick={() => choose(nameOf(item))}>
            {isOver(item) && <Icon of={warning} small />}{nameOf(item)}
          </button>
        ))}
      </div>
      {open && (
        <>
          <div class="preview-bubble"><Text text={open.text} /></div>
          <p class={isOver(open) ? 'field-error' : 'quiet'}>{told(open)}</p>
        </>
      )}
      {unknown.length > 0 && (
        <p class="field-error">{t('unknownNames', { names: unknown.join(t('listComma')) })}</p>
      )}
    </section>
  )
}

function nameOf({ channel, level }: PreviewItem): string {
  return level ? `${kindName(channel)} · ${level}` : kindName(channel)
}

function isOver({ length, limit }: PreviewItem): boolean {
  return limit > 0 && length > limit
}

function told(item: PreviewItem): string {
  const facts = { n: figure(item.length), most: figure(item.limit), parts: item.parts }
  const length = t(item.unit === 'bytes' ? 'lengthBytes' : 'lengthCharacters', facts)
  if (!isOver(item)) return length
  return `${length}${t('sentence')}${t(item.parts > 1 ? 'overParts' : 'over', facts)}`
}
