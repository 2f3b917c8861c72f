/** Spans of a text, told apart from the rest of it (pure). */

/** Cuts a text by spans of code points: even places are plain, odd ones are matched. */
export function cut(text: string, spans: readonly (readonly [number, number])[]): string[] {
  const points = [...text]
  const parts: string[] = []
  let from = 0
  for (const [start, end] of merged(spans, points.length)) {
    parts.push(points.slice(from, start).join(''), points.slice(start, end).join(''))
    from = end
  }
  parts.push(points.slice(from).join(''))
  return parts
}

function merged(spans: readonly (readonly [number, number])[], length: number): [number, number][] {
  const whole: [number, number][] = []
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const before = whole.at(-1)
    if (start < 0 || end > length || start >= end) continue
    if (before && start <= before[1]) before[1] = Math.max(before[1], end)
    else whole.push([start, end])
  }
  return whole
}
