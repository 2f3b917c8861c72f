/** A row of tabs: one Tab stop, arrow keys between them. */

import type { JSX } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

export interface TabSpec<T extends string> {
  id: T
  label: string
  count?: number
  alarm?: boolean
  title?: string
}

interface TabsProps<T extends string> {
  label: string
  tabs: readonly TabSpec<T>[]
  chosen: T
  choose: (id: T) => void
  panel: string
}

export function Tabs<T extends string>(props: TabsProps<T>): JSX.Element {
  const { label, tabs, chosen, choose, panel } = props
  const walk = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const at = tabs.findIndex((tab) => tab.id === chosen)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    choose(next.id)
    document.getElementById(`${panel}-${next.id}`)?.focus()
  }
  useLayoutEffect(() => {
    document.getElementById(`${panel}-${chosen}`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={walk}>
      {tabs.map((tab) => (
        <button type="button" key={tab.id} id={`${panel}-${tab.id}`} class="tab" role="tab"
          aria-selected={tab.id === chosen} aria-controls={panel} title={tab.title}
          tabIndex={tab.id === chosen ? 0 : -1} onClick={() => choose(tab.id)}>
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && (
            <span class={tab.alarm ? 'badge' : 'badge badge-quiet'}>{tab.count}</span>
          )}
        </button>
      ))}
    </div>
  )
}
