/** The list of keys, drawn from the same table that obeys them. */

import type { JSX } from 'preact'
import { keyName } from '../../shared/keys'
import { Dialog } from '../../shared/parts/dialog'
import { KeyList, type KeyRow } from '../../shared/parts/key-list'
import { commands, type Command } from '../commands'
import { dialog } from '../state/dialogs'
import { t } from '../words'

export function KeysDialog(): JSX.Element {
  const rows: KeyRow[] = [
    [['Enter'], t('keySend')],
    [['Shift+Enter'], t('keyLine')],
    [['/'], t('keySlash')],
    ...Object.values<Command>(commands).filter(({ keys }) => keys.length > 0).map(
      ({ keys, label }): KeyRow => [keys.map(keyName), t(label)]),
    [['Alt+1…9'], t('keyPlace')],
    [['Esc'], t('keyEscape')],
    [['?'], t('cmdKeys')],
  ]
  return (
    <Dialog title={t('cmdKeys')} class="dialog-keys" leave={() => { dialog.value = null }}>
      <KeyList rows={rows} />
    </Dialog>
  )
}
