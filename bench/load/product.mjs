// The product's wire: shoppers on /widget, agents on /desk, Socket.IO 5 spoken by hand.
//
// An agent logs in over HTTP (cookie and CSRF token), joins, syncs and makes itself available. A
// shopper joins, syncs, says a first word, asks for a person, and is ready when an agent has the
// talk. A delivery is the `message` event of a shopper's words on the agent's socket; the text
// begins with the message's id. Every connection has its own loopback address, so that limits per
// address fall on it alone.

import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';

const CALLS = 1e9;     // acknowledgement ids from here on belong to calls, below to messages
const GREETING = '@hello';
const PATIENCE_MS = 20_000;
const LOOK_MS = 100;

const address = (role, index) =>
  `127.${role === 'agent' ? 32 : 33}.${Math.floor(index / 240) + 1}.${(index % 240) + 2}`;
const decode = (text) => JSON.parse(Buffer.from(text, 'latin1').toString());
/** What a shopper's browser keeps to catch up with, and who had the talk. */
const remembered = ({ visitor, conversation: { last_seq, agent } }) =>
  ({ visitor, after: last_seq, agent: agent?.name });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class ProductWire {
  constructor(options, world) {
    this.options = options;
    this.world = world;
    this.ledger = world.ledger;
    this.origin = options.url.replace(/^ws/, 'http');
    this.url = `${options.url}/socket.io/?EIO=4&transport=websocket`;
    this.prefix = randomBytes(4).toString('hex');
    this.sessions = [];
    this.withAgent = 0;
  }

  async prepare() {
    for (let index = 0; index < this.options.agents; index++) {
      const name = `${this.options.accounts}${index}`;
      this.sessions.push(await this.login(name, address('agent', index)));
    }
  }

  login(name, localAddress) {
    const body = JSON.stringify({ name, password: process.env.LOAD_PASSWORD });
    const headers = {
      'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body),
      Origin: this.origin, 'Sec-Fetch-Site': 'same-origin',
    };
    const options = { method: 'POST', localAddress, headers };
    return new Promise((resolve, reject) => {
      const call = request(`${this.origin}/api/login`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => {
          if (answer.statusCode !== 200) {
            const said = `${answer.statusCode} ${text.slice(0, 200)}`;
            return reject(new Error(`login of ${name} answers ${said}`));
          }
          const cookies = answer.headers['set-cookie'].map((line) => line.split(';')[0]);
          resolve({ csrf: JSON.parse(text).csrf, cookie: cookies.join('; ') });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  target(connection) {
    connection.namespace = connection.role === 'agent' ? '/desk,' : '/widget,';
    connection.waits = new Map();
    const headers = { Origin: this.origin };
    if (connection.role === 'agent') headers.Cookie = this.sessions[connection.index].cookie;
    return { url: this.url, headers, localAddress: address(connection.role, connection.index) };
  }

  frame(connection, text) {
    const kind = text.slice(0, 2);
    const body = 2 + connection.namespace.length;
    if (kind === '43') this.answer(connection, text, body);
    else if (kind === '42') this.event(connection, text, body);
    else if (kind === '40') this.join(connection).then(connection.ready, connection.refuse);
    else if (kind === '44' || kind === '41') {
      connection.refuse(new Error(`${connection.namespace} refused ${text.slice(0, 300)}`));
    } else if (kind[0] === '2') connection.send('3');
    else if (kind[0] === '0') {
      connection.greeted?.();
      const auth = connection.role === 'agent'
        ? { csrf: this.sessions[connection.index].csrf }
        : { inbox: this.options.inbox, visitor: connection.known?.visitor };
      connection.send(`40${connection.namespace}${JSON.stringify(auth)}`);
    }
  }

  answer(connection, text, body) {
    const bracket = text.indexOf('[', body);
    const id = Number(text.slice(body, bracket));
    if (id >= CALLS) {
      connection.waits.get(id)(decode(text.slice(bracket))[0]);
      connection.waits.delete(id);
    } else if (text.includes('"ok":true', bracket)) connection.acknowledged(id);
    else this.world.refusals.push(decode(text.slice(bracket))[0]);
  }

  event(connection, text, body) {
    if (text.startsWith('["resync"', body)) this.world.counts.resyncs++;
    if (connection.role !== 'agent') return;
    if (text.startsWith('["suggestions"', body)) {
      const { conversation, for_seq } = JSON.parse(text.slice(body))[1];
      this.ledger.suggested(`${conversation} ${for_seq}`);
      return;
    }
    if (!text.startsWith('["message"', body)) return;
    const message = JSON.parse(text.slice(body))[1];
    if (message.author.kind !== 'shopper' || message.text === GREETING) return;
    this.ledger.shown(`${message.conversation} ${message.seq}`);
    this.ledger.deliver(message.text.slice(0, message.text.indexOf(' ')));
  }

  async join(connection) {
    connection.asked?.();
    if (connection.role === 'agent') {
      await this.must(connection, 'sync', {});
      if (!connection.returned) await this.must(connection, 'available', { state: 'available' });
      return;
    }
    const { known } = connection;
    const now = await this.must(connection, 'sync', { after: known?.after ?? 0 });
    connection.known = remembered(now);
    connection.moved = connection.returned && known.agent !== connection.known.agent;
    if (connection.returned || this.options.mode === 'idle') return;
    if (this.options.mode === 'herd' && connection.index >= this.options.shoppers) return;
    await this.must(connection, 'say', { client_id: randomUUID(), text: GREETING });
    await this.must(connection, 'human', {});
    await this.assigned(connection);
  }

  async assigned(connection) {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const now = await this.must(connection, 'sync', { after: 0 });
      const { conversation } = now;
      connection.known = remembered(now);
      if (conversation.stage === 'open') { this.withAgent++; return; }
      if (performance.now() > until) {
        throw new Error(`shopper ${connection.index} is still ${conversation.stage} after 20 s`);
      }
      await pause(LOOK_MS);
    }
  }

  async must(connection, event, payload) {
    const answer = await new Promise((resolve) => {
      const id = CALLS + (connection.calls = (connection.calls ?? 0) + 1);
      connection.waits.set(id, resolve);
      connection.send(`42${connection.namespace}${id}${JSON.stringify([event, payload])}`);
    });
    if (answer?.ok === true) return answer;
    throw new Error(`${event} was refused: ${JSON.stringify(answer).slice(0, 300)}`);
  }

  async settle() {
    if (this.withAgent < this.options.shoppers) {
      const { shoppers } = this.options;
      throw new Error(`only ${this.withAgent} of ${shoppers} shoppers are with an agent`);
    }
  }

  message(connection, number, text) {
    const client = `${this.prefix}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
    const words = `${this.ledger.id(number)} ${text}`;
    return `42/widget,${number}["say",{"client_id":"${client}","text":"${words}"}]`;
  }
}
