/** What a channel is called: its own name, or what it is where nobody gave it one. */

import { say, type CommonPhrase } from './words'

const NAMES: Readonly<Record<string, CommonPhrase>> = {
  widget: 'channel_widget', wechat: 'channel_wechat', wecom: 'channel_wecom', mail: 'channel_mail',
  webhook: 'channel_webhook',
}
/** The inbox that every installation begins with. */
const UNNAMED = 'default'

/** The kinds of channels there are. */
export const KINDS = Object.keys(NAMES)

export function kindName(kind: string): string {
  const known = NAMES[kind]
  return known ? say(known) : kind
}

export function channelName({ kind, name }: { kind: string; name: string }): string {
  return name === UNNAMED && kind in NAMES ? kindName(kind) : name
}
