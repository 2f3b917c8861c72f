/** Fields of one line, of several, of yes or no, and of a few out of many. */

import type { JSX } from 'preact'
import { bound } from '../state/opened'
import type { Field, Form } from '../fields'
import { described, Frame } from './frame'

type Fields<T> = { [F in Field]: Form[F] extends T ? F : never }[Field]

export function Line({ field, label, help, list, placeholder }: {
  field: 'question' | 'category' | 'shortcut' | 'owner'
  label: string
  help?: string
  list?: readonly string[]
  placeholder?: string
}): JSX.Element {
  const of = bound(field)
  const options = list && `${of.id}-list`
  return (
    <Frame of={of} label={label} {...(help && { help })}>
      <input id={of.id} class="input" type="text" autocomplete="off" list={options}
        readOnly={of.readOnly} value={of.value ?? ''} placeholder={placeholder}
        aria-invalid={Boolean(of.error)} aria-describedby={described(of, help)}
        onInput={(event) => of.set(value(field, event.currentTarget.value) as never)} />
      {list && (
        <datalist id={options}>{list.map((one) => <option key={one} value={one} />)}</datalist>
      )}
    </Frame>
  )
}

export function Area({ field, label, help, rows = 2 }: {
  field: 'note'
  label: string
  help?: string
  rows?: number
}): JSX.Element {
  const of = bound(field)
  return (
    <Frame of={of} label={label} {...(help && { help })}>
      <textarea id={of.id} class="input area" rows={rows} readOnly={of.readOnly} value={of.value}
        aria-describedby={described(of, help)}
        onInput={(event) => of.set(event.currentTarget.value)} />
    </Frame>
  )
}

export function Day({ field, label }: {
  field: 'valid_from' | 'valid_to'
  label: string
}): JSX.Element {
  const of = bound(field)
  return (
    <Frame of={of} label={label}>
      <input id={of.id} class="input input-day" type="date" readOnly={of.readOnly}
        value={of.value ?? ''} aria-invalid={Boolean(of.error)} aria-describedby={described(of)}
        onInput={(event) => of.set(event.currentTarget.value || null)} />
    </Frame>
  )
}

export function Switch({ field, label, help }: {
  field: Fields<boolean>
  label: string
  help?: string
}): JSX.Element {
  const of = bound(field)
  return (
    <label class="switch">
      <input id={of.id} type="checkbox" checked={of.value} disabled={of.readOnly}
        onChange={(event) => of.set(event.currentTarget.checked)} />
      <span>{label}{help && <small class="field-help">{help}</small>}</span>
    </label>
  )
}

/** Some of a few, none of them meaning all. */
export function Some<T extends string | number>({ field, label, help, options }: {
  field: 'channels' | 'groups' | 'weekdays'
  label: string
  help?: string
  options: readonly (readonly [T, string])[]
}): JSX.Element {
  const of = bound(field)
  const chosen = of.value as readonly unknown[] as readonly T[]
  const all = [...options, ...chosen.filter((one) => !options.some(([known]) => known === one))
    .map((one) => [one, String(one)] as const)]
  const turn = (one: T, on: boolean): void => {
    const next = on ? [...chosen, one] : chosen.filter((other) => other !== one)
    of.set(all.map(([name]) => name).filter((name) => next.includes(name)) as never)
  }
  return (
    <Frame of={of} label={label} group {...(help && { help })}>
      <div class="some">
        {all.map(([one, words]) => (
          <label key={one} class="some-one">
            <input type="checkbox" checked={chosen.includes(one)} disabled={of.readOnly}
              onChange={(event) => turn(one, event.currentTarget.checked)} />
            {words}
          </label>
        ))}
      </div>
    </Frame>
  )
}

/** A shortcut that is empty is none. */
function value(field: Field, text: string): string | null {
  return field === 'shortcut' && !text ? null : text
}
