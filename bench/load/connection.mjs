// One WebSocket of one shopper or agent. What its frames mean is the wire's business.

import { createRequire } from 'node:module';

const WebSocket = createRequire(new URL('../../static/package.json', import.meta.url))('ws');

export class Connection {
  constructor(role, index, world) {
    this.role = role;
    this.index = index;
    this.world = world;
    this.state = {};
    this.joined = new Promise((resolve, reject) => {
      this.ready = resolve;
      this.refuse = reject;
    });
    this.joined.catch(() => {});     // whoever opens it hears of it through open()
  }

  open() {
    const { wire, counts } = this.world;
    const { url, headers, localAddress } = wire.target(this);
    this.socket = new WebSocket(url, {
      headers, localAddress, perMessageDeflate: false, skipUTF8Validation: true,
      generateMask: (mask) => mask.fill(0),          // the mask guards proxies; loopback has none
    });
    this.socket.on('message', (data) => {
      counts.frames++;
      wire.frame(this, data.toString('latin1'));     // ids are ASCII; a wire decodes what it wants
    });
    this.socket.on('close', () => this.end(new Error(`${this.role} ${this.index}: closed`)));
    this.socket.on('error', (error) => { counts.errors++; this.end(error); });
    return this.joined;
  }

  end(error) {
    if (!this.world.finished) this.world.counts.closed++;
    this.refuse(error);
  }

  send(frame) {
    this.socket.send(frame);
  }

  /** The wire saw the acknowledgement of a message. */
  acknowledged(number) {
    if (this.world.ledger.acknowledge(number)) this.world.onAck(this);
  }
}

const LANES = 50;

/** Open all, at most `rate` a second and LANES at a time; the seconds it took. */
export async function openAll(connections, rate) {
  const start = performance.now();
  let begun = 0;
  const lane = async () => {
    while (begun < connections.length) {
      const mine = begun++;
      const early = start + mine * 1000 / rate - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      await connections[mine].open();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (performance.now() - start) / 1000;
}
