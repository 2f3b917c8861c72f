/** Keys and what they do, in columns. */

import type { JSX } from 'preact'

export type KeyRow = [keys: string[], words: string]

export function KeyList({ rows }: { rows: readonly KeyRow[] }): JSX.Element {
  return (
    <dl class="keys">
      {rows.map(([keys, words]) => (
        <div key={words}>
          <dt>{keys.map((key) => <kbd key={key} class="key">{key}</kbd>)}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  )
}
