/** Giving the talk to a colleague or a group, with a note for whoever goes on. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Presence } from '../../shared/wire'
import { handOver } from '../deeds'
import { Dialog } from '../../shared/parts/dialog'
import { dialog } from '../state/dialogs'
import { colleagues, groups } from '../state/people'
import { openId } from '../state/selection'
import { t } from '../words'

export function HandOverDialog(): JSX.Element {
  const [target, setTarget] = useState('')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const leave = (): void => { dialog.value = null }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const [kind, id] = target.split(':')
    const conversation = openId.peek()
    if (!conversation || !id) return
    setBusy(true)
    const words = note.trim()
    const order = { conversation, ...(words && { note: words }) }
    const to = kind === 'agent' ? { to_agent: id } : { to_group: id }
    const done = await handOver({ ...order, ...to })
    setBusy(false)
    if (done) leave()
  }
  return (
    <Dialog title={t('handOverTitle')} leave={leave}>
      <form class="dialog-body" onSubmit={(event) => void submit(event)}>
        <Targets chosen={target} choose={setTarget} />
        <label class="field">
          <span class="field-label">{t('handOverNote')}</span>
          <textarea class="input note-input" rows={3} value={note}
            placeholder={t('handOverNoteHelp')}
            onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main" disabled={!target || busy}>
            {t('handOver')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface Choosing { chosen: string; choose: (value: string) => void }

function Targets(choosing: Choosing): JSX.Element {
  return (
    <>
      <fieldset class="choices">
        <legend class="field-label">{t('toGroup')}</legend>
        {groups.value.map(({ id, name }, place) => (
          <Choice key={id} {...choosing} value={`group:${id}`} name={name} first={place === 0}
            state={<span class="quiet">{t('toGroupHelp')}</span>} />
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend class="field-label">{t('toAgent')}</legend>
        {colleagues.value.length === 0 && <p class="quiet">{t('noColleagues')}</p>}
        {colleagues.value.map((agent) => (
          <Choice key={agent.id} {...choosing} value={`agent:${agent.id}`} name={agent.name}
            state={<Readiness agent={agent} />} />
        ))}
      </fieldset>
    </>
  )
}

function Choice({ value, chosen, choose, name, state, first = false }: Choosing & {
  value: string
  name: string
  state: JSX.Element
  /** Where the focus begins. */
  first?: boolean
}): JSX.Element {
  return (
    <label class="choice">
      <input type="radio" name="target" value={value} checked={chosen === value} autoFocus={first}
        onChange={() => choose(value)} />
      <b>{name}</b>
      {state}
    </label>
  )
}

function Readiness({ agent }: { agent: Presence }): JSX.Element {
  const state = agent.online ? agent.state : 'offline'
  return (
    <span class="choice-state">
      <span class={`dot dot-${state}`} />
      {t(`state_${state}`)}
      <span class="quiet">{agent.load}/{agent.capacity}</span>
    </span>
  )
}
