/** A section of one column: what it is for, what is asked of it, and what there is. */

import type { ComponentChildren, JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, type Shapes } from '../../shared/icons'
import { Empty } from '../../shared/parts/empty'
import { say } from '../../shared/words'
import type { Source } from '../state/source'

interface PaneProps {
  title: string
  help: string
  /** Beside the title. */
  aside?: JSX.Element | false
  children: ComponentChildren
}

export function Pane({ title, help, aside, children }: PaneProps): JSX.Element {
  return (
    <section class="pane" aria-label={title}>
      <div class="pane-inner">
        <header class="pane-head">
          <div>
            <h2>{title}</h2>
            <p class="pane-help">{help}</p>
          </div>
          {aside}
        </header>
        {children}
      </div>
    </section>
  )
}

/** What a source has, or why there is nothing yet. */
export function Loaded<T>({ of, icon, children }: {
  of: Source<T>
  icon: Shapes
  children: (value: T) => JSX.Element
}): JSX.Element {
  const value = of.value.value
  const failed = of.state.value === 'failed'
  if (value === null) return failed ? <Failed of={of} icon={icon} /> : <Loading />
  return (
    <>
      {failed && (
        <p class="alert pane-failed" role="alert">
          <Icon of={alert} small /><span>{say('loadFailed')}</span><Again of={of} />
        </p>
      )}
      {children(value)}
    </>
  )
}

function Loading(): JSX.Element {
  return (
    <div class="items" role="status">
      <span class="sr-only">{say('loading')}</span>
      {[0, 1, 2].map((place) => <div key={place} class="skeleton pane-loading" />)}
    </div>
  )
}

function Failed<T>({ of, icon }: { of: Source<T>; icon: Shapes }): JSX.Element {
  return <Empty icon={icon} title={say('loadFailed')}><Again of={of} /></Empty>
}

function Again<T>({ of }: { of: Source<T> }): JSX.Element {
  return (
    <button type="button" class="button" onClick={() => void of.load()}>{say('retry')}</button>
  )
}
