/** Socket.IO packets as text, in place of the library's parser: no binary packets, which the server
 * refuses anyway. A packet that is not one throws, and the library drops the connection. */

import { Emitter } from '@socket.io/component-emitter'

export const PacketType = {
  CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4,
} as const

interface Packet { type: number; nsp: string; id?: number; data?: unknown }

const PACKET = /^([0-4])(?:(\/[^,]*),)?(\d*)([[{"].*)?$/s

export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    return [`${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${data ? JSON.stringify(data) : ''}`]
  }
}

export class Decoder extends Emitter<object, object, { decoded: (packet: Packet) => void }> {
  add(text: string): void {
    const found = PACKET.exec(text)
    if (!found) throw new Error('parser: not a packet')
    const [, type, nsp = '/', id, json] = found
    const data: unknown = json && JSON.parse(json)
    const listed = type === '2' || type === '3'
    if (listed && !Array.isArray(data)) throw new Error('parser: not a list')
    this.emitReserved('decoded', { type: Number(type), nsp, data, ...(id && { id: Number(id) }) })
  }

  /** The library asks for it; nothing is held between packets. */
  destroy(): void {}
}
