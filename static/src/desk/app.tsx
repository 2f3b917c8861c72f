/** The console's screen: bar, three columns, and what lies over them. */

import type { JSX } from 'preact'
import { EarlierDialog } from './dialogs/earlier'
import { EndDialog } from './dialogs/end'
import { HandOverDialog } from './dialogs/hand-over'
import { KeysDialog } from './dialogs/keys'
import { PaletteDialog } from './dialogs/palette'
import { SaveScriptDialog } from './dialogs/save-script'
import { UndeliveredDialog } from './dialogs/undelivered'
import { ViewerDialog } from './dialogs/viewer'
import { connected } from '../shared/socket'
import { Announcer, Banners, LateNotice } from './panes/banners'
import { ListPane } from './panes/list-pane'
import { SidePane } from './panes/side-pane'
import { TalkPane } from './panes/talk-pane'
import { TopBar } from './panes/top-bar'
import { PageNotices } from '../shared/parts/dialog'
import { dialog, earlierId, viewed } from './state/dialogs'
import { screen } from './state/selection'
import { t } from './words'

const DIALOGS = {
  end: EndDialog, handOver: HandOverDialog, keys: KeysDialog, palette: PaletteDialog,
  script: SaveScriptDialog, undelivered: UndeliveredDialog,
}

export function App(): JSX.Element {
  const Open = dialog.value && DIALOGS[dialog.value]
  return (
    <div class="desk" data-screen={screen.value} data-connected={connected.value ? '' : undefined}>
      <TopBar />
      <Banners />
      <main class="columns">
        <h1 class="sr-only">{t('title')}</h1>
        <ListPane />
        <TalkPane />
        <SidePane />
      </main>
      <LateNotice />
      <PageNotices />
      <Announcer />
      {Open && <Open key={dialog.value} />}
      {earlierId.value && <EarlierDialog key={earlierId.value} id={earlierId.value} />}
      {viewed.value && <ViewerDialog {...viewed.value} />}
    </div>
  )
}
