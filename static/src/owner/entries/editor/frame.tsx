/** What stands around every field: its name, its help, and what is said about it. */

import type { ComponentChildren, JSX } from 'preact'
import { Icon } from '../../../shared/icon'
import { alert, warning } from '../../../shared/icons'
import type { Bound } from '../state/opened'
import type { Field } from '../fields'

interface FrameProps {
  of: Pick<Bound<Field>, 'id' | 'error' | 'warnings'>
  label: string
  help?: string
  children: ComponentChildren
  /** Several controls of one field: the name is that of the group. */
  group?: boolean
  count?: string
}

export function Frame({ of, label, help, children, group, count }: FrameProps): JSX.Element {
  const name = (
    <span class="field-head">
      {group
        ? <span class="field-label" id={`${of.id}-label`}>{label}</span>
        : <label class="field-label" for={of.id}>{label}</label>}
      {count && <span class="quiet">{count}</span>}
    </span>
  )
  return (
    <div class="form-field" role={group ? 'group' : undefined}
      aria-labelledby={group ? `${of.id}-label` : undefined}
      data-wrong={of.error ? '' : undefined}>
      {name}
      {help && <p class="field-help" id={`${of.id}-help`}>{help}</p>}
      {children}
      {of.error && (
        <p class="field-error" id={`${of.id}-error`} role="alert">
          <Icon of={alert} small />{of.error}
        </p>
      )}
      {of.warnings.map(({ code, message }) => (
        <p key={`${code}${message}`} class="field-warning"><Icon of={warning} small />{message}</p>
      ))}
    </div>
  )
}

/** What a control of a field points to. */
export function described(
  { id, error }: Pick<Bound<Field>, 'id' | 'error'>, help?: string,
): string | undefined {
  return [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
}
