/** The official socket.io-client, cut to what the widget's size budget allows.
 *
 * The widget sends text over WebSocket, or over polling where those are blocked, and the server
 * refuses binary packets. So the build leaves out the third transport, the upgrade from polling,
 * binary packets and listeners of "any" event; the connection, its reconnecting and its
 * acknowledgements stay as the library has them. A part that is no longer where it was fails the
 * build. The console uses the library whole. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Modules with another content. */
const REPLACED = {
  'socket.io-client/build/esm/index.js': `
    export { Manager } from './manager.js'
    export { Fetch, WebSocket } from 'engine.io-client'`,
  'engine.io-client/build/esm/index.js': `
    export { Socket } from './socket.js'
    export { installTimerFunctions } from './util.js'
    export { nextTick } from './globals.js'
    export { Fetch } from './transports/polling-fetch.js'
    export { WS as WebSocket } from './transports/websocket.js'`,
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export const parse = (address) => {
      const { protocol, hostname: host, port, search } = new URL(address)
      return { protocol: protocol.slice(0, -1), host, port, query: search.slice(1) }
    }`,
  'engine.io-client/build/esm/util.js': `
    export const pick = (from, ...names) => Object.fromEntries(
      names.filter((name) => name in from).map((name) => [name, from[name]]))
    export const installTimerFunctions = (on) => {
      on.setTimeoutFn = setTimeout.bind(globalThis)
      on.clearTimeoutFn = clearTimeout.bind(globalThis)
    }
    export const byteLength = (text) => new Blob([text]).size
    export const randomString = () => Date.now().toString(36)`,
  '@socket.io/component-emitter/lib/esm/index.js': `
    export class Emitter {
      _heard = new Map()
      on(event, listener) {
        this._heard.set(event, [...this.listeners(event), listener])
        return this
      }
      once(event, listener) {
        const once = (...data) => {
          this.off(event, once)
          listener.apply(this, data)
        }
        once.fn = listener
        return this.on(event, once)
      }
      off(event, listener) {
        if (event && listener) {
          this._heard.set(event, this.listeners(event).filter(
            (one) => one !== listener && one.fn !== listener))
        } else if (event) this._heard.delete(event)
        else this._heard.clear()
        return this
      }
      emit(event, ...data) {
        for (const listener of this.listeners(event)) listener.apply(this, data)
        return this
      }
      listeners(event) { return this._heard.get(event) ?? [] }
    }
    const { prototype } = Emitter
    prototype.removeListener = prototype.removeAllListeners = prototype.off
    prototype.emitReserved = prototype.emit`,
  'engine.io-client/build/esm/transports/index.js': 'export const transports = {}',
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js'
    export const encodePacket = ({ type, data }, _, give) => give(PACKET_TYPES[type] + (data || ''))
    export const encodePacketToBinary = null`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js'
    export const decodePacket = (text) => {
      const type = typeof text === 'string' && PACKET_TYPES_REVERSE[text[0]]
      return type ? { type, data: text.length > 1 ? text.slice(1) : undefined } : ERROR_PACKET
    }`,
}

const LIBRARY = /(engine|socket)\.io(-client|-parser|.component-emitter).+\.js$/

/** Methods that nothing of ours reaches, left empty. */
const EMPTIED = {
  'engine.io-client/build/esm/socket.js': ['_probe'],
  'socket.io-client/build/esm/socket.js': [
    '_addToQueue', '_drainQueue', 'compress', 'onAny', 'prependAny', 'offAny', 'listenersAny',
    'onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing',
    'notifyOutgoingListeners',
  ],
}

/** Names that only the library's own parts call each other by: the build may shorten them, in the
 * library and in our calls alike. None of them is a name of the browser or of the wire. */
export const INNER_NAMES = new RegExp(`^(_.*|${[
  'emitReserved', 'emitBuffered', 'emitEvent', 'emitWithAck', 'removeAllListeners',
  'setTimeoutFn', 'clearTimeoutFn', 'installTimerFunctions', 'receiveBuffer', 'sendBuffer',
  'writeBuffer', 'skipReconnect', 'upgrading', 'supportsBinary', 'transportOptions',
  'transportImplementations', 'timestampRequests', 'timestampParam', 'addTrailingSlash',
  'rememberUpgrade', 'closeOnBeforeunload', 'autoUnref', 'tryAllTransports', 'rejectUnauthorized',
  'perMessageDeflate', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax',
  'randomizationFactor', 'maybeReconnectOnOpen', 'createTransport', 'createUri', 'subEvents',
  'onHandshake', 'onPacket', 'onError', 'onOpen', 'onData', 'doOpen', 'doClose', 'doWrite',
  'doPoll', 'onpacket', 'onevent', 'onack', 'onconnect', 'ondisconnect', 'onping', 'ondata',
  'ondecoded', 'onreconnect', 'nsps',
].join('|')})$`)

function emptied(text, method) {
  const whole = new RegExp(`\\n {4}${method}\\([^\\n]*\\) \\{\\n[\\s\\S]*?\\n {4}\\}\\n`)
  if (!whole.test(text)) throw new Error(`slim: the library has no method ${method} any more`)
  return text.replace(whole, `\n    ${method}() {}\n`)
}

export const slimSocket = {
  name: 'slim-socket',
  setup(build) {
    const met = new Set()
    build.onResolve({ filter: /^socket\.io-parser$/ }, () => ({
      path: join(here, 'src/widget/parser.ts'),
    }))
    build.onLoad({ filter: LIBRARY }, async ({ path }) => {
      const name = path.replaceAll('\\', '/').split('node_modules/').pop()
      if (!(name in REPLACED) && !(name in EMPTIED)) return null
      met.add(name)
      const text = REPLACED[name] ?? await readFile(path, 'utf8')
      const contents = (EMPTIED[name] ?? []).reduce(emptied, text)
      return { contents, loader: 'js', resolveDir: dirname(path) }
    })
    build.onEnd(() => {
      const cut = Object.keys({ ...REPLACED, ...EMPTIED })
      const moved = cut.filter((name) => !met.has(name))
      if (met.size && moved.length) throw new Error(`slim: the library has no ${moved} any more`)
    })
  },
}
