/** The categories as a tree, counted from the entries themselves. */

import { computed, signal } from '@preact/signals'
import { shelf } from '../../state/shelf'

export interface Branch {
  path: string
  name: string
  depth: number
  /** With those below it. */
  count: number
  under: Branch[]
}

export const tree = computed(() => {
  const roots: Branch[] = []
  const known = new Map<string, Branch>()
  for (const { category } of shelf.value) {
    if (!category) continue
    const names = category.split('/')
    let level = roots
    names.forEach((name, depth) => {
      const path = names.slice(0, depth + 1).join('/')
      let branch = known.get(path)
      if (!branch) {
        branch = { path, name, depth, count: 0, under: [] }
        known.set(path, branch)
        level.push(branch)
      }
      branch.count += 1
      level = branch.under
    })
  }
  return roots
})

export const without = computed(() => shelf.value.filter(({ category }) => !category).length)

export const paths = computed(() => {
  const all: string[] = []
  const walk = (branches: readonly Branch[]): void => branches.forEach(({ path, under }) => {
    all.push(path)
    walk(under)
  })
  walk(tree.value)
  return all
})

/** Folded branches; all are open at first. */
export const folded = signal<ReadonlySet<string>>(new Set())

export function fold(path: string, closed: boolean): void {
  const next = new Set(folded.peek())
  if (closed) next.add(path)
  else next.delete(path)
  folded.value = next
}

/** In the order of the screen, without what lies under a folded one. */
export const shownBranches = computed(() => {
  const shown: Branch[] = []
  const walk = (branches: readonly Branch[]): void => branches.forEach((branch) => {
    shown.push(branch)
    if (!folded.value.has(branch.path)) walk(branch.under)
  })
  walk(tree.value)
  return shown
})
