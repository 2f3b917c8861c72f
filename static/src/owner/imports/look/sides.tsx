/** Whose words are used where both sides changed: chosen by click, or by ← and →. */

import type { JSX } from 'preact'
import type { LookRow } from '../../../shared/import-wire'
import { canTick, shown, tick, ticked } from '../state/ticks'
import { t } from '../words'

export const SIDES = ['shop', 'file'] as const
export type Side = typeof SIDES[number]

export function sideOf({ row }: LookRow): Side {
  return ticked.value.has(row) ? 'file' : 'shop'
}

export function chooseSide(one: LookRow, side: Side): void {
  if (canTick(one)) tick([one], side === 'file')
}

/** In a row of the list, whose keys choose too: no control of its own. */
export function SideSwitch({ one }: { one: LookRow }): JSX.Element {
  return (
    <span class="side-switch">
      {SIDES.map((side) => (
        <span key={side} class="side-name" data-side={side}
          data-chosen={sideOf(one) === side ? '' : undefined}>
          {t(`side_${side}_short`)}
        </span>
      ))}
    </span>
  )
}

export function chosenSide(target: HTMLElement, at: number): boolean {
  const side = SIDES.find((name) => name === target.dataset['side'])
  const one = shown.peek()[at]
  if (!side || !one) return false
  chooseSide(one, side)
  return true
}

export function chooseByKey(event: KeyboardEvent, at: number): boolean {
  const side = { ArrowLeft: 'shop', ArrowRight: 'file' }[event.key] as Side | undefined
  const one = shown.peek()[at]
  if (!side || one?.state !== 'conflicting') return false
  chooseSide(one, side)
  return true
}
