/** The list of keys, drawn from the same table that obeys them. */

import type { JSX } from 'preact'
import { commands, keyName, type Command } from '../commands'
import { Dialog } from '../parts/dialog'
import { dialog } from '../state/dialogs'
import { t } from '../words'

export function KeysDialog(): JSX.Element {
  const rows: [string[], string][] = [
    [['Enter'], t('keySend')],
    [['Shift+Enter'], t('keyLine')],
    [['/'], t('keySlash')],
    ...Object.values<Command>(commands).filter(({ keys }) => keys.length > 0).map(
      ({ keys, label }): [string[], string] => [keys.map(keyName), t(label)]),
    [['Alt+1…9'], t('keyPlace')],
    [['Esc'], t('keyEscape')],
    [['?'], t('cmdKeys')],
  ]
  return (
    <Dialog title={t('cmdKeys')} class="dialog-keys" leave={() => { dialog.value = null }}>
      <dl class="keys">
        {rows.map(([keys, words]) => (
          <div key={words}>
            <dt>{keys.map((key) => <kbd key={key} class="key">{key}</kbd>)}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
