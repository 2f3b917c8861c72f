/** Which rows of a long list are in the page: rows are equally high, and only those in sight and a
 * few around them exist (pure). */

export const ROW_PX = 62
const AROUND = 6

export interface Slice { from: number; to: number }

export function slice(total: number, top: number, height: number): Slice {
  const first = Math.floor(top / ROW_PX)
  const from = Math.max(0, Math.min(first - AROUND, total))
  return { from, to: Math.min(total, Math.ceil((top + height) / ROW_PX) + AROUND) }
}

/** Where to scroll to so that a row is in sight; the same place where it is already. */
export function inSight(place: number, top: number, height: number): number {
  const above = place * ROW_PX
  if (above < top) return above
  return above + ROW_PX > top + height ? above + ROW_PX - height : top
}
