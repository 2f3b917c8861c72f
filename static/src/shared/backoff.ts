/** How long to wait before the next try: doubling from 1 s to 30 s, with jitter so that many
 * browsers cut at the same moment do not all come back in the same moment. */

export const FIRST_MS = 1_000
export const LONGEST_MS = 30_000

/** `tries` counts the tries already made (at least one); `random` is in [0, 1). */
export function backoff(tries: number, random = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10))
  return Math.max(FIRST_MS, ceiling * (0.5 + random / 2))
}
