/** The one icon set, as shapes to draw: `lucide-static` cut down to the icons we use, each its own
 * export so that a program carries only what it shows. */

import {
  AlertTriangle, ArrowDown, ArrowDownWideNarrow, ArrowLeft, ArrowLeftRight, ArrowRight, Ban,
  Bell, BellOff, BookmarkPlus, BookOpenText, Bot, Check, CheckCheck, ChevronDown, CircleAlert,
  CircleCheck, CircleHelp, ClipboardCheck, Clock, Copy, Download, ExternalLink, File as Paper,
  FileSpreadsheet, Flame, FlaskConical, Headset, Image, Inbox, ListOrdered, LogOut, Menu,
  MessageCircle, PanelRight, Paperclip, Pencil, Plus, RefreshCw, RotateCcw, Search, Send,
  Settings, ShoppingBag, SlidersHorizontal, Sparkles, Star, StickyNote, Trash2, Undo2, Upload,
  User, Users, Wifi, WifiOff, Wrench, X, Zap,
} from 'lucide-static'

export type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>]
export type Shapes = readonly Shape[]

const ELEMENT = /<(path|circle|ellipse|line|polygon|polyline|rect)\s([^>]*?)\/>/g
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g

/** Drawn in a box of 24 by 24, unfilled, with round strokes. */
// @__NO_SIDE_EFFECTS__
export function shapes(svg: string): Shapes {
  return [...svg.matchAll(ELEMENT)].map(([, tag = '', attributes = '']) => [
    tag,
    Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, name, value]) => [name, value])),
  ])
}

export const agents = shapes(Users)
export const alert = shapes(CircleAlert)
export const answered = shapes(Check)
export const attach = shapes(Paperclip)
export const back = shapes(ArrowLeft)
export const bell = shapes(Bell)
export const bellOff = shapes(BellOff)
export const book = shapes(BookOpenText)
export const bot = shapes(Bot)
export const bubble = shapes(MessageCircle)
export const byUse = shapes(ArrowDownWideNarrow)
export const clock = shapes(Clock)
export const close = shapes(X)
export const command = shapes(Zap)
export const copy = shapes(Copy)
export const delivered = shapes(CheckCheck)
export const done = shapes(CircleCheck)
export const down = shapes(ArrowDown)
export const file = shapes(Paper)
export const flame = shapes(Flame)
export const forward = shapes(ArrowRight)
export const gear = shapes(Settings)
export const handOver = shapes(ArrowLeftRight)
export const headset = shapes(Headset)
export const help = shapes(CircleHelp)
export const inbox = shapes(Inbox)
export const keep = shapes(BookmarkPlus)
export const menu = shapes(Menu)
export const more = shapes(ChevronDown)
export const note = shapes(StickyNote)
export const off = shapes(Ban)
export const offline = shapes(WifiOff)
export const online = shapes(Wifi)
export const open = shapes(ExternalLink)
export const panel = shapes(PanelRight)
export const pencil = shapes(Pencil)
export const picture = shapes(Image)
export const plus = shapes(Plus)
export const queue = shapes(ListOrdered)
export const recall = shapes(Undo2)
export const reopen = shapes(RotateCcw)
export const retry = shapes(RefreshCw)
export const review = shapes(ClipboardCheck)
export const save = shapes(Download)
export const search = shapes(Search)
export const send = shapes(Send)
export const sheet = shapes(FileSpreadsheet)
export const shop = shapes(ShoppingBag)
export const signOut = shapes(LogOut)
export const sliders = shapes(SlidersHorizontal)
export const star = shapes(Star)
export const suggest = shapes(Sparkles)
export const tidy = shapes(Wrench)
export const trash = shapes(Trash2)
export const trial = shapes(FlaskConical)
export const upload = shapes(Upload)
export const user = shapes(User)
export const warning = shapes(AlertTriangle)
