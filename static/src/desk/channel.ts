/** What a channel is called: its own name, or what it is where nobody gave it one. */

import { t, type Phrase } from './words'

const KINDS: Readonly<Record<string, Phrase>> = {
  widget: 'channel_widget', wechat: 'channel_wechat', wecom: 'channel_wecom', mail: 'channel_mail',
  webhook: 'channel_webhook',
}
/** The inbox that every installation begins with. */
const UNNAMED = 'default'

export function channelName({ kind, name }: { kind: string; name: string }): string {
  const known = KINDS[kind]
  return name === UNNAMED && known ? t(known) : name
}
