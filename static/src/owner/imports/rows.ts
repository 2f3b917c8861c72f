/** Numbers of rows as the server reads them (pure). */

/** Such as `2-40,57`: `taken` out of `all`, which are the file's, in its order. A range takes in
 * nothing else of the file. */
export function listed(all: readonly number[], taken: (row: number) => boolean): string {
  const parts: string[] = []
  let first: number | null = null
  let last = 0
  const end = (): void => {
    if (first !== null) parts.push(first === last ? `${first}` : `${first}-${last}`)
    first = null
  }
  for (const row of all) {
    if (!taken(row)) {
      end()
      continue
    }
    first ??= row
    last = row
  }
  end()
  return parts.join(',')
}
