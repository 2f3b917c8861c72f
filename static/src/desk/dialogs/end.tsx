/** Ending the talk, with a summary for whoever reads it later. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { end } from '../deeds'
import { composing } from '../../shared/keys'
import { Dialog } from '../../shared/parts/dialog'
import { dialog } from '../state/dialogs'
import { openId, openTalk } from '../state/selection'
import { t } from '../words'

export function EndDialog(): JSX.Element {
  const [summary, setSummary] = useState('')
  const [busy, setBusy] = useState(false)
  const leave = (): void => { dialog.value = null }
  const submit = async (): Promise<void> => {
    const id = openId.peek()
    if (!id || busy) return
    setBusy(true)
    const done = await end(id, summary)
    setBusy(false)
    if (done) leave()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (composing(event) || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void submit()
  }
  return (
    <Dialog title={t('endTitle', { name: openTalk.value?.contact.name ?? '' })} leave={leave}>
      <form class="dialog-body"
        onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <label class="field">
          <span class="field-label">{t('summaryLabel')}</span>
          <textarea class="input" rows={3} autoFocus value={summary} placeholder={t('summaryHelp')}
            onInput={(event) => setSummary(event.currentTarget.value)} onKeyDown={pressed} />
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main" disabled={busy}>{t('end')}</button>
        </div>
      </form>
    </Dialog>
  )
}
