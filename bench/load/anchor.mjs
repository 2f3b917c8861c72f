// The anchor's wire: Socket.IO 5 over Engine.IO 4 in the default namespace, spoken by hand.
// 0{…} open, 40{auth} join, 42<id>["message",{…}] event, 43<id>[…] acknowledgement, 2 ping, 3 pong.

export class AnchorWire {
  constructor(options, world) {
    this.url = `${options.url}/socket.io/?EIO=4&transport=websocket`;
    this.agents = options.agents;
    this.ledger = world.ledger;
  }

  async prepare() {}

  async settle() {}

  target() {
    return { url: this.url };
  }

  frame(connection, text) {
    const kind = text.slice(0, 2);
    if (kind === '43') connection.acknowledged(parseInt(text.slice(2), 10));
    else if (kind === '42') this.event(JSON.parse(text.slice(2)));
    else if (kind === '40') connection.ready();
    else if (kind === '44') connection.refuse(new Error(`anchor: refused ${text}`));
    else if (kind[0] === '2') connection.send('3');
    else if (kind[0] === '0') {
      connection.greeted?.();
      const { role, index } = connection;
      connection.send(`40{"role":"${role}","i":${index},"agents":${this.agents}}`);
    }
  }

  event([name, message]) {
    if (name === 'message') this.ledger.deliver(message.id);
  }

  message(connection, number, text) {
    return `42${number}["message",{"id":"${this.ledger.id(number)}","text":"${text}"}]`;
  }
}
