/** The sign-in form. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../shared/icon'
import { headset } from '../shared/icons'
import { chooseLanguage } from '../shared/theme'
import { useSignIn } from './form'
import { boot, lang, t, type Account } from './words'

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
  const form = useSignIn()
  const wrong = form.failure === 'wrong' || form.failure === 'missing'
  return (
    <>
      <form ref={form.box} class="login-form" noValidate
        onSubmit={(event) => void form.submit(event)}>
        <label class="field">
          <span class="field-label">{t('name')}</span>
          <input class="input" name="username" autocomplete="username" autocapitalize="off"
            spellcheck={false} value={form.account.name} aria-invalid={wrong}
            aria-describedby="failure"
            onInput={(event) => form.write({ name: event.currentTarget.value })} />
        </label>
        <PasswordField value={form.account.password} wrong={wrong}
          write={(password) => form.write({ password })} />
        <p id="failure" class={form.failure ? 'alert' : 'sr-only'} role="alert">
          {form.failure && t(form.failure)}
        </p>
        <button type="submit" class="button button-main login-button" aria-busy={form.busy}>
          {t(form.busy ? 'signingIn' : 'signIn')}
        </button>
      </form>
      {boot.demo && <Demo accounts={boot.demo.accounts} fill={form.fill} filled={form.filled} />}
    </>
  )
}

function PasswordField({ value, wrong, write }: {
  value: string
  wrong: boolean
  write: (password: string) => void
}): JSX.Element {
  const [shown, setShown] = useState(false)
  const type = shown ? { type: 'text' as const } : { type: 'password' as const }
  return (
    <>
      <label class="field">
        <span class="field-label">{t('password')}</span>
        <input {...type} class="input" name="password" autocomplete="current-password"
          value={value} aria-invalid={wrong} aria-describedby="failure"
          onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <label class="login-show">
        <input type="checkbox" checked={shown}
          onChange={(event) => setShown(event.currentTarget.checked)} />
        {t('showPassword')}
      </label>
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
      <p class="login-help" role="status">
        {filled ? t('demoFilled', { name: filled }) : t('demoHelp')}
      </p>
    </section>
  )
}

function LanguageSwitch(): JSX.Element {
  const other = lang === 'en' ? 'zh-CN' : 'en'
  return (
    <button type="button" class="button" lang={other} onClick={() => chooseLanguage(other)}>
      {other === 'en' ? 'English' : '中文'}
    </button>
  )
}
