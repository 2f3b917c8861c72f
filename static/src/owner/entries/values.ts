/** A field's name and its value as words, for comparing. */

import { kindName } from '../../shared/channel'
import { byId } from '../state/shelf'
import { FIELDS, type Field, type Variant } from './fields'
import { t } from './words'

export const WEEK = [1, 2, 3, 4, 5, 6, 7] as const

export function fieldName(field: string): string {
  const known = FIELDS.find((one) => one === field)
  return known ? t(`field_${known}`) : field
}

/** Lists one item a line, so that a comparison shows whole items. */
export function valueText(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (!Array.isArray(value)) return String(value)
  return value.map((one) => itemText(field as Field, one)).join('\n')
}

export function weekday(day: number): string {
  return t(`weekday_${day as typeof WEEK[number]}`)
}

function itemText(field: Field, item: unknown): string {
  if (field === 'channels') return kindName(String(item))
  if (field === 'weekdays') return weekday(Number(item))
  if (field === 'related') return byId.peek().get(String(item))?.question ?? String(item)
  if (field !== 'variants') return String(item)
  const { channel, level, answer } = item as Variant
  const about = [channel ? kindName(channel) : t('everyChannel'), level].filter(Boolean).join(' · ')
  return `${about}: ${answer}`
}
