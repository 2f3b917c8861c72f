/** What became of a text: runs that stayed, went and came (pure). */

export type Run = readonly [kind: 'same' | 'gone' | 'new', text: string]

/** Longer ones are told as wholly rewritten: comparing them sign by sign would take too long. */
const MOST_CELLS = 4_000_000
/** With less in common the texts only happen to share some signs: nobody reads such a patchwork. */
const LEAST_SAME = 0.4
/** A word of Latin letters or figures, or one sign of anything else. */
const TOKEN = /[a-z0-9]+|\s+|[^]/giu

export function diff(before: string, after: string): Run[] {
  const runs = compared(before, after)
  const stayed = runs.reduce((sum, [kind, text]) => kind === 'same' ? sum + text.length : sum, 0)
  const rewritten = stayed < Math.min(before.length, after.length) * LEAST_SAME
  if (!rewritten || !before || !after) return runs
  return [['gone', before], ['new', after]]
}

function compared(before: string, after: string): Run[] {
  const one = before.match(TOKEN) ?? []
  const other = after.match(TOKEN) ?? []
  let head = 0
  while (head < one.length && head < other.length && one[head] === other[head]) head++
  let tail = 0
  while (tail < one.length - head && tail < other.length - head
    && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++
  return gathered([
    ...one.slice(0, head).map((token): Run => ['same', token]),
    ...middle(one.slice(head, one.length - tail), other.slice(head, other.length - tail)),
    ...one.slice(one.length - tail).map((token): Run => ['same', token]),
  ])
}

/** The longest common subsequence, by the textbook's table. */
function middle(one: readonly string[], other: readonly string[]): Run[] {
  const [rows, columns] = [one.length, other.length]
  if (rows * columns > MOST_CELLS) return [['gone', one.join('')], ['new', other.join('')]]
  const width = columns + 1
  const table = new Uint16Array((rows + 1) * width)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      table[i * width + j] = one[i] === other[j]
        ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1))
    }
  }
  const runs: Run[] = []
  let [i, j] = [0, 0]
  while (i < rows && j < columns) {
    if (one[i] === other[j]) {
      runs.push(['same', one[i++] ?? ''])
      j++
    } else if (cell(i + 1, j) >= cell(i, j + 1)) runs.push(['gone', one[i++] ?? ''])
    else runs.push(['new', other[j++] ?? ''])
  }
  while (i < rows) runs.push(['gone', one[i++] ?? ''])
  while (j < columns) runs.push(['new', other[j++] ?? ''])
  return runs

  function cell(row: number, column: number): number {
    return table[row * width + column] ?? 0
  }
}

/** Runs of one kind become one; what went stands before what came. */
function gathered(runs: readonly Run[]): Run[] {
  const whole: Run[] = []
  let gone = ''
  let came = ''
  const flush = (): void => {
    if (gone) whole.push(['gone', gone])
    if (came) whole.push(['new', came])
    gone = came = ''
  }
  let same = ''
  for (const [kind, text] of runs) {
    if (kind === 'same') {
      flush()
      same += text
      continue
    }
    if (same) whole.push(['same', same])
    same = ''
    if (kind === 'gone') gone += text
    else came += text
  }
  flush()
  if (same) whole.push(['same', same])
  return whole
}
