/** The page of the stand-in for WeChat: who writes to which account, their phone, and the panel. */

import { render, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import '../shared/tokens.css'
import '../shared/base.css'
import './page.css'
import './phone.css'
import './bubble.css'
import './foot.css'
import './panel.css'
import { Panel } from './panel'
import { Face, Phone } from './phone'
import { boot, lang, span, t, type Account, type Person } from './words'
import { post, watch, type Act, type Snapshot } from './wire'

const SESSIONS = ['session_0', 'session_1', 'session_2', 'session_3', 'session_4'] as const

function Page(): JSX.Element | null {
  const [account, setAccount] = useState(boot.accounts[0])
  const [person, setPerson] = useState(boot.people[0])
  const [now, setNow] = useState<Snapshot | null>(null)
  const [wrong, setWrong] = useState('')
  const [open, setOpen] = useState(false)
  useEffect(
    () => (account && person ? watch(account.name, person.id, setNow) : undefined),
    [account, person],
  )
  if (!account || !person) return null
  const act = (given: Act): void => {
    void post('/_/act', { account: account.name, person: person.id, act: given }).then(setWrong)
  }
  return (
    <div class={open ? 'page open' : 'page'}>
      <nav class="who" aria-label={t('who')}>
        <h1>{t('title')}</h1>
        <Choice
          legend={t('account')} all={boot.accounts} chosen={account} key_={(one) => one.name}
          show={(one) => t(one.name)} choose={setAccount}
        />
        <Choice
          legend={t('person')} all={boot.people} chosen={person} key_={(one) => one.id}
          show={(one) => <><Face of={one} /><span>{one.name}<small>{one.city}</small></span></>}
          choose={setPerson}
        />
        <p class="about">{t('about_page')}</p>
        <p class="other"><a href={`?lang=${lang === 'en' ? 'zh-CN' : 'en'}`}>{t('other_language')}</a></p>
      </nav>
      <main>
        {now && <Status now={now} />}
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
        {now && <Phone account={account} person={person} now={now} act={act} />}
      </main>
      <button
        type="button" class="opener" aria-expanded={open} aria-controls="panel"
        onClick={() => setOpen(!open)}
      >
        {t(open ? 'close_panel' : 'panel')}
      </button>
      {now && <Panel account={account} now={now} report={setWrong} />}
    </div>
  )
}

/** How many answers the shop may still send, and until when. */
function Status({ now }: { now: Snapshot }): JSX.Element {
  const { window, session, ahead } = now
  return (
    <p class="status">
      <span class={window?.remaining ? 'fine' : 'shut'}>
        {window
          ? t('allowed', { left: window.remaining, total: window.total, time: span(window.until_s) })
          : t('closed')}
      </span>
      {session !== null && <span>{t(SESSIONS[session] ?? 'session_0')}</span>}
      {ahead !== 0 && <span>{t('ahead', { time: span(ahead) })}</span>}
    </p>
  )
}

function Choice<T extends Account | Person>({ legend, all, chosen, key_, show, choose }: {
  legend: string
  all: T[]
  chosen: T
  key_: (one: T) => string
  show: (one: T) => JSX.Element | string
  choose: (one: T) => void
}): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {all.map((one) => (
        <label key={key_(one)}>
          <input type="radio" name={legend} checked={one === chosen} onChange={() => choose(one)} />
          {show(one)}
        </label>
      ))}
    </fieldset>
  )
}

const root = document.getElementById('root')
if (root) render(<Page />, root)
