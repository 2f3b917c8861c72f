/** What the sign-in form does: one try at a time, the focus where it is needed next. */

import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { destination, signIn } from './sign-in'
import { boot, type Account, type Phrase } from './words'

export interface SignInForm {
  box: RefObject<HTMLFormElement | null>
  account: Account
  failure: Phrase | null
  busy: boolean
  /** The demo account that was put in. */
  filled: string
  write: (change: Partial<Account>) => void
  fill: (account: Account) => void
  submit: (event: Event) => Promise<void>
}

export function useSignIn(): SignInForm {
  const box = useRef<HTMLFormElement>(null)
  const [account, setAccount] = useState<Account>({ name: '', password: '' })
  const [failure, setFailure] = useState<Phrase | null>(null)
  const [busy, setBusy] = useState(false)
  const [filled, setFilled] = useState('')
  const focus = (selector: string): void => {
    box.current?.querySelector<HTMLElement>(selector)?.focus()
  }

  const fill = (demo: Account): void => {
    setAccount(demo)
    setFailure(null)
    setFilled(demo.name)
    focus('[type=submit]')
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(null)
    const name = account.name.trim()
    const failed = name && account.password ? await signIn(name, account.password) : 'missing'
    if (!failed) return location.assign(destination(boot.next))
    setBusy(false)
    setFailure(failed)
    focus(name ? '[name=password]' : '[name=username]')
  }
  const write = (change: Partial<Account>): void => setAccount({ ...account, ...change })
  return { box, account, failure, busy, filled, write, fill, submit }
}
