/** A server that stops asks its clients to come back, each at a moment of its own: all at once
 * would be a herd. The server itself ends the connection, after its last answers. */

interface Leaving {
  on(event: 'goodbye', heed: (data: { within_s: number }) => void): unknown
  on(event: 'disconnect', heed: () => void): unknown
  connect(): unknown
  disconnect(): unknown
}

export function heedGoodbye(socket: Leaving): void {
  let wait = -1
  socket.on('goodbye', ({ within_s }) => { wait = Math.random() * within_s * 1000 })
  socket.on('disconnect', () => {
    if (wait < 0) return
    socket.disconnect()
    setTimeout(() => socket.connect(), wait)
    wait = -1
  })
}
