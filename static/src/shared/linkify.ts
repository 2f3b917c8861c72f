/** Plain text to plain text and links; nothing a shopper types ever becomes markup.
 *
 * Only http, https and mailto become links. An address ends at the first character that is not
 * allowed in a URL, so Chinese may follow it without a space; closing punctuation stays out. */

export interface Link { text: string; href: string }
export type Piece = string | Link

const CANDIDATE =
  /\bhttps?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+|\b(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi
const ALLOWED = new Set(['http:', 'https:', 'mailto:'])

export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = withoutTail(match[0])
    const href = address(shown)
    if (!href) continue
    if (match.index > from) found.push(text.slice(from, match.index))
    found.push({ text: shown, href })
    from = match.index + shown.length
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}

/** The same as nodes; links open in a new tab and tell the other site nothing about ours. */
export function linkify(text: string): Node[] {
  return pieces(text).map((piece) => {
    if (typeof piece === 'string') return document.createTextNode(piece)
    const link = document.createElement('a')
    link.href = piece.href
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow ugc'
    link.textContent = piece.text
    return link
  })
}

function withoutTail(url: string): string {
  let end = url.length
  for (; end > 0; end--) {
    const last = url.charAt(end - 1)
    if ('.,;:!?\'"*'.includes(last)) continue
    if (last === ')' && count(url, ')', end) > count(url, '(', end)) continue
    if (last === ']' && count(url, ']', end) > count(url, '[', end)) continue
    break
  }
  return url.slice(0, end)
}

function count(text: string, mark: string, end: number): number {
  return text.slice(0, end).split(mark).length - 1
}

function address(shown: string): string | null {
  const url = /^(https?|mailto):/i.test(shown) ? shown : `mailto:${shown}`
  try {
    const { protocol, href } = new URL(url)
    return ALLOWED.has(protocol) ? href : null
  } catch {
    return null
  }
}
