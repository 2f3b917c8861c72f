/** Short notices at the foot of the screen: what was done or failed, sometimes with a way back. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { close } from '../../shared/icons'
import { dismiss, notices } from '../state/notices'
import { t } from '../words'

export function Notices(): JSX.Element {
  return (
    <div class="notices" role="status">
      {notices.value.map(({ id, text, kind, action }) => (
        <div key={id} class={`notice notice-${kind}`}>
          <p>{text}</p>
          {action && (
            <button type="button" class="button button-s"
              onClick={() => { dismiss(id); action.run() }}>
              {action.label}
            </button>
          )}
          <button type="button" class="icon-button" aria-label={t('close')}
            onClick={() => dismiss(id)}>
            <Icon of={close} small />
          </button>
        </div>
      ))}
    </div>
  )
}
