/** What somebody can do on their phone besides writing, by account, with what a form asks for. */

import { AppWindow, FileText, Image, Link, LogIn, MapPin, Mic, QrCode, Video } from 'lucide-static'
import { shapes, type Shapes } from '../shared/icons'
import type { Name, Phrase } from './words'

export interface Ask { field: string; label: Phrase; value: Phrase | number | '' }
export interface Deed { type: string; label: Phrase; sign: Shapes; asks: Ask[] }

const ask = (field: string, label: Phrase, value: Phrase | number | '' = ''): Ask =>
  ({ field, label, value })

const IMAGE: Deed = { type: 'image', label: 'picture', sign: shapes(Image), asks: [] }
const VOICE: Deed = {
  type: 'voice', label: 'voice', sign: shapes(Mic),
  asks: [ask('recognition', 'recognition', 'sample_voice'), ask('seconds', 'seconds', 4)],
}
const VIDEO: Deed = { type: 'video', label: 'video', sign: shapes(Video), asks: [] }
const FILE: Deed = {
  type: 'file', label: 'file', sign: shapes(FileText), asks: [ask('name', 'file_name', 'sample_file')],
}
const LOCATION: Deed = {
  type: 'location', label: 'location', sign: shapes(MapPin),
  asks: [ask('title', 'place', 'sample_place'), ask('label', 'street', 'sample_street')],
}
const LINK: Deed = {
  type: 'link', label: 'link', sign: shapes(Link),
  asks: [
    ask('title', 'title', 'sample_title'), ask('description', 'about', 'sample_about'),
    ask('url', 'url', 'sample_url'),
  ],
}
const CARD: Deed = {
  type: 'miniprogrampage', label: 'mini_card', sign: shapes(AppWindow),
  asks: [
    ask('title', 'title', 'sample_title'), ask('path', 'path', 'sample_path'),
    ask('app_id', 'app_id', 'sample_app'),
  ],
}
const SCAN: Deed = {
  type: 'scan', label: 'scan', sign: shapes(QrCode), asks: [ask('scene', 'scene', 'sample_scene')],
}
const ENTER: Deed = {
  type: 'enter', label: 'enter', sign: shapes(LogIn), asks: [ask('scene', 'scene', 'sample_from')],
}

export const DEEDS: Record<Name, Deed[]> = {
  official: [IMAGE, VOICE, VIDEO, LOCATION, LINK, SCAN],
  mini: [IMAGE, CARD, ENTER],
  kf: [IMAGE, VOICE, VIDEO, FILE, LOCATION, LINK, CARD, ENTER],
}

export const MENU: { key: string; label: Phrase }[] = [
  { key: 'MY_ORDERS', label: 'menu_orders' },
  { key: 'CALL_AGENT', label: 'menu_agent' },
]
