/** In place of a file that is not here: on its way from the customer's channel, or never to come. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, clock } from '../../shared/icons'
import type { Message } from '../../shared/wire'
import { Text } from '../../shared/parts/text'
import { t, type Phrase } from '../words'

type Media = NonNullable<Message['media']>

const COMING: Readonly<Record<string, Phrase>> = {
  image: 'coming_image', voice: 'coming_voice', video: 'coming_video', shortvideo: 'coming_video',
}

export function AwaitedBody({ media, text }: { media: Media; text: string }): JSX.Element {
  const pending = media.state === 'pending'
  const words = pending ? t(COMING[media.type] ?? 'coming_file')
    : t(media.state === 'expired' ? 'media_expired' : 'media_refused')
  return (
    <>
      <span class={pending ? 'awaited' : 'awaited awaited-gone'}>
        <Icon of={pending ? clock : alert} small />{words}
      </span>
      {text && <p class="picture-words"><Text text={text} /></p>}
    </>
  )
}
