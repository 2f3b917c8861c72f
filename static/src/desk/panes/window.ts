/** Which rows of a long talk are in the page: at most 120, moved on scrolling (pure). */

export const ROWS = 120
const STEP = 60

export interface Span { from: number; to: number }

/** `end` counts rows from the first one held; `null` stays with the newest. */
export function span(total: number, end: number | null): Span {
  const to = Math.min(total, end ?? total)
  return { from: Math.max(0, to - ROWS), to }
}

export function earlier({ from, to }: Span): number {
  return to - Math.min(STEP, from)
}

export function later({ to }: Span, total: number): number | null {
  return to + STEP >= total ? null : to + STEP
}

/** Older rows came in front: the same rows stay in the page, and some of the new ones join. */
export function grown(end: number | null, before: number, total: number): number | null {
  if (total <= ROWS) return null
  return earlier(span(total, (end ?? before) + total - before))
}
