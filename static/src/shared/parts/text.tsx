/** A message's words: plain text with its addresses as links, never markup. */

import type { JSX } from 'preact'
import { pieces } from '../linkify'
import { cut } from '../spans'

export function Text({ text }: { text: string }): JSX.Element {
  return (
    <>
      {pieces(text).map((piece) => typeof piece === 'string' ? piece : (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">{piece.text}</a>
      ))}
    </>
  )
}

/** The same text with the matched words marked. */
export function Marked({ text, spans }: {
  text: string
  spans: readonly (readonly [number, number])[]
}): JSX.Element {
  return <>{cut(text, spans).map((part, place) => place % 2 ? <mark>{part}</mark> : part)}</>
}
