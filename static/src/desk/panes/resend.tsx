/** Sending once more what did not arrive; what may have arrived asks first. */

import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { retry } from '../../shared/icons'
import type { DeliveryState } from '../../shared/wire'
import { t } from '../words'

interface ResendProps { state: DeliveryState; name: string; run: () => Promise<void> }

export function Resend({ state, name, run }: ResendProps): JSX.Element {
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const cancel = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => { if (asking) cancel.current?.focus() }, [asking])
  const go = async (): Promise<void> => {
    setBusy(true)
    await run()
    setBusy(false)
    setAsking(false)
  }
  if (!asking) {
    return (
      <button type="button" class="button button-s" disabled={busy}
        aria-label={t('resendTo', { name })}
        onClick={() => state === 'unconfirmed' ? setAsking(true) : void go()}>
        <Icon of={retry} small />{t('resend')}
      </button>
    )
  }
  return (
    <span class="resend" role="group" aria-label={t('resendTo', { name })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        setAsking(false)
      }}>
      <span role="alert">{t('resendMayDouble')}</span>
      <button ref={cancel} type="button" class="button button-s" onClick={() => setAsking(false)}>
        {t('cancel')}
      </button>
      <button type="button" class="button button-s button-main" disabled={busy}
        onClick={() => void go()}>
        {t('resendAnyway')}
      </button>
    </span>
  )
}
