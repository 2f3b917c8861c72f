/** What the server tells owners of channel accounts; its Python twin is console/web/inbox_wire.py. */

export type FieldType = 'text' | 'number' | 'flag' | 'choice'
export type Level = 'ok' | 'warning' | 'error'
export type SettingValue = string | number | boolean

/** Of each secret setting only whether it is set. */
export interface InboxSettings {
  id: string
  key: string
  kind: string
  name: string
  config: Record<string, SettingValue>
  secrets: Record<string, boolean>
  disabled: boolean
  hook?: string
}

export interface InboxField {
  name: string
  type: FieldType
  secret: boolean
  required: boolean
  default: SettingValue | null
  min?: number
  max?: number
  max_length?: number
  choices?: string[]
}

export interface InboxForm {
  kind: string
  check: boolean
  fields: InboxField[]
}

export interface InboxList {
  items: InboxSettings[]
  kinds: InboxForm[]
}

export interface InboxFinding {
  level: Level
  message: string
}

export interface InboxChecked {
  ok: boolean
  findings: InboxFinding[]
}
