/** The sign-in form. */

import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icon'
import { headset } from '../shared/icons'
import { chooseLanguage } from '../shared/theme'
import { destination, signIn } from './sign-in'
import { boot, lang, t, type Account, type Phrase } from './words'

export function Login(): JSX.Element {
  return (
    <div class="login">
      <header class="login-top"><LanguageSwitch /></header>
      <main class="login-card">
        <p class="login-shop"><Icon of={headset} />{boot.shop.name}</p>
        <h1 class="login-heading">{t('heading')}</h1>
        <Form />
      </main>
    </div>
  )
}

function Form(): JSX.Element {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Phrase | null>(null)
  const [filled, setFilled] = useState('')
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(null)
    const missing = !name.trim() || !password
    const failed = missing ? 'missing' : await signIn(name.trim(), password)
    if (!failed) return location.assign(destination(boot.next))
    setBusy(false)
    setFailure(failed)
    const field = missing && !name.trim() ? nameField : passwordField
    field.current?.focus()
  }
  const fill = (account: Account): void => {
    setName(account.name)
    setPassword(account.password)
    setFailure(null)
    setFilled(account.name)
    button.current?.focus()
  }

  return (
    <>
      <form class="login-form" noValidate onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span class="field-label">{t('name')}</span>
          <input ref={nameField} class="input" name="username" autocomplete="username" autocapitalize="off"
            spellcheck={false} value={name} aria-invalid={failure === 'wrong' || failure === 'missing'}
            aria-describedby="failure" onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span class="field-label">{t('password')}</span>
          <input ref={passwordField} class="input" name="password" autocomplete="current-password"
            {...(shown ? { type: 'text' as const } : { type: 'password' as const })} value={password}
            aria-invalid={failure === 'wrong' || failure === 'missing'} aria-describedby="failure"
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        <label class="login-show">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
          {t('showPassword')}
        </label>
        <p id="failure" class={failure ? 'alert' : 'sr-only'} role="alert">{failure && t(failure)}</p>
        <button ref={button} type="submit" class="button button-main login-button" aria-busy={busy}>
          {t(busy ? 'signingIn' : 'signIn')}
        </button>
      </form>
      {boot.demo && <Demo accounts={boot.demo.accounts} fill={fill} filled={filled} />}
    </>
  )
}

function Demo({ accounts, fill, filled }: {
  accounts: readonly Account[]
  fill: (account: Account) => void
  filled: string
}): JSX.Element {
  return (
    <section class="login-demo" aria-label={t('demo')}>
      <h2 class="field-label">{t('demo')}</h2>
      <ul>
        {accounts.map((account) => (
          <li key={account.name}>
            <button type="button" class="login-account" onClick={() => fill(account)}>
              <b>{account.name}</b><span>{account.password}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="login-help" role="status">{filled ? t('demoFilled', { name: filled }) : t('demoHelp')}</p>
    </section>
  )
}

function LanguageSwitch(): JSX.Element {
  return lang === 'en'
    ? <button type="button" class="button" lang="zh-CN" onClick={() => chooseLanguage('zh-CN')}>中文</button>
    : <button type="button" class="button" lang="en" onClick={() => chooseLanguage('en')}>English</button>
}
