/** Files of entries, in and out. A file is taken wherever it is dropped or pasted. */

import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { sheet, upload } from '../../shared/icons'
import { keyName, writing } from '../../shared/keys'
import { notify } from '../../shared/notices'
import { lendKeys } from '../keyboard'
import type { Section } from '../sections'
import { LookPane } from './look/look-pane'
import { SECTION } from './open'
import { Export } from './start/export'
import { Now, PASTE_KEY } from './start/now'
import { RecordsList } from './start/records-list'
import { stage, take } from './state/stage'
import { t } from './words'

export const importsSection: Section = {
  id: SECTION, label: () => t('imports'), icon: sheet, role: 'supervisor', View: Imports,
}

/** A file hangs over the page. */
const hovering = signal(false)

function Imports(): JSX.Element {
  const now = stage.value
  useEffect(takeFiles, [])
  useEffect(() => lendKeys(() => [], () => [[[keyName(PASTE_KEY)], t('keyPaste')]]), [])
  return (
    <div class="imports">
      {now.at === 'look' ? <LookPane of={now} /> : (
        <div class="imports-start">
          <div class="imports-in"><Now /><RecordsList /></div>
          <Export />
        </div>
      )}
      {hovering.value && (
        <p class="imports-over"><Icon of={upload} />{t('dropHere')}</p>
      )}
    </div>
  )
}

/** Also beside the section, where the browser would leave the page for the file. */
function takeFiles(): () => void {
  const stop = new AbortController()
  const hear = <K extends keyof WindowEventMap>(
    name: K, run: (event: WindowEventMap[K]) => void,
  ): void => addEventListener(name, run, { signal: stop.signal })
  hear('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    hovering.value = true
  })
  hear('dragleave', (event) => { if (!event.relatedTarget) hovering.value = false })
  // Browsers do not always tell of a file that left; while one hangs, no pointer moves.
  hear('pointermove', () => { hovering.value = false })
  hear('drop', (event) => {
    hovering.value = false
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    take(event.dataTransfer.files)
  })
  hear('paste', (event) => {
    const { files, types } = event.clipboardData ?? {}
    if (files && files.length > 0) take(files)
    else if (types?.includes('text/plain') && !writing(event.target)) {
      notify({ kind: 'failed', text: t('pastedText') })
    }
  })
  return () => {
    stop.abort()
    hovering.value = false
  }
}
