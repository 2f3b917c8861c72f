/** Saving a sent message as a script: one's own at once, or for the whole team. */

import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { Dialog } from '../../shared/parts/dialog'
import { leads, savePhrase, saveForTeam } from '../live/scripts'
import { ScriptForm } from '../parts/script-form'
import { dialog } from '../state/dialogs'
import { drawn, forgetUnsaved, keepUnsaved, source, type Source } from '../state/scripts'
import { t } from '../words'

export function SaveScriptDialog(): JSX.Element | null {
  return source.value && <OfMessage from={source.value} />
}

function OfMessage({ from }: { from: Source }): JSX.Element {
  const { script, names } = useMemo(() => drawn(from), [from])
  const leave = (): void => { dialog.value = null }
  const blanks = names.map((name) => `{${name}}`).join(' ')
  return (
    <Dialog title={t('saveScript')} leave={leave}>
      <ScriptForm first={script} focus="shortcut" leave={leave}
        {...(blanks && { hint: t('blanksMade', { blanks }) })}
        save={{ label: t('saveMine'), run: savePhrase }}
        other={{
          label: t(leads() ? 'saveEntry' : 'saveProposal'),
          run: (written) => saveForTeam(written, from),
        }}
        refused={(written) => keepUnsaved(from, written)}
        done={() => {
          forgetUnsaved(from)
          leave()
        }} />
    </Dialog>
  )
}
