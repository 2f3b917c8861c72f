/** Short notices at the foot of the screen: what was done or failed, sometimes with a way back. */

import type { JSX } from 'preact'
import { Icon } from '../icon'
import { close } from '../icons'
import { dismiss, notices } from '../notices'
import { say } from '../words'

export function Notices(): JSX.Element {
  return (
    <div class="notices" role="status">
      {notices.value.map(({ id, text, kind, action }) => (
        <div key={id} class={`floating notice notice-${kind}`}>
          <p>{text}</p>
          {action && (
            <button type="button" class="button button-s"
              onClick={() => { dismiss(id); action.run() }}>
              {action.label}
            </button>
          )}
          <button type="button" class="icon-button" aria-label={say('close')}
            onClick={() => dismiss(id)}>
            <Icon of={close} small />
          </button>
        </div>
      ))}
    </div>
  )
}
