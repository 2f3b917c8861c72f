/** An empty place that says why it is empty and what to do. */

import type { ComponentChildren, JSX } from 'preact'
import { Icon } from '../icon'
import type { Shapes } from '../icons'

interface EmptyProps { icon: Shapes; title: string; text?: string; children?: ComponentChildren }

export function Empty({ icon, title, text, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon of={icon} />
      <p class="empty-title">{title}</p>
      {text && <p>{text}</p>}
      {children}
    </div>
  )
}
