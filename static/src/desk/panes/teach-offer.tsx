/** One quiet line after a suggestion was sent: shall its entry know the shopper's words too?
 *
 * It never takes the focus. It stands in the right column, and above the composer where that column
 * is folded away. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { hint, keyOf } from '../commands'
import { backToComposer } from '../deeds'
import { teach } from '../live/learning'
import { announce } from '../../shared/notices'
import { forgetLesson, lesson } from '../state/teaching'
import { t } from '../words'

const SHOWN = 24

export function TeachOffer({ place }: { place: 'side' | 'talk' }): JSX.Element | null {
  const one = lesson.value
  const words = one ? t('teachOffer', { text: shortened(one.text), question: one.question }) : ''
  useEffect(() => { if (words && place === 'side') announce(words) }, [words, place])
  if (!one) return null
  const yes = (): void => {
    void teach(one)
    backToComposer()
  }
  const no = (): void => {
    forgetLesson()
    backToComposer()
  }
  return (
    <div class={`teach teach-${place}`} role="group" aria-label={t('teachLabel')}>
      <p class="teach-words" title={one.text}>{words}</p>
      <button type="button" class="button button-s" title={hint('teach')} onClick={yes}>
        {t('teachYes')}<kbd class="key">{keyOf('teach')}</kbd>
      </button>
      <button type="button" class="button button-s button-quiet" onClick={no}>
        {t('teachNo')}
      </button>
    </div>
  )
}

function shortened(text: string): string {
  const signs = [...text]
  return signs.length > SHOWN ? `${signs.slice(0, SHOWN).join('')}…` : text
}
