// The herd: everybody connected, everybody cut at once, everybody coming back as the browser
// programs do, with the back-off of the very library they are built on. A shopper is back when it
// has caught up, an agent when the list is there. A probe asks the server over a connection of its
// own all the while: how late it answers is how late its event loop is.

import { Agent as KeepAlive, get } from 'node:http';
import { createRequire } from 'node:module';
import { Connection, openAll } from './connection.mjs';
import { percentiles } from './ledger.mjs';
import { processorSeconds, residentKib } from './proc.mjs';

const { Backoff } = createRequire(import.meta.url)(
  '../../static/node_modules/socket.io-client/build/cjs/contrib/backo2.js');
// what static/src/widget/line.ts and static/src/desk/live/ask.ts give the library
const HABITS = {
  shopper: { min: 1_000, max: 30_000, open: 10_000 },
  agent: { min: 1_000, max: 15_000, open: 8_000 },
};
const JITTER = 0.5;
const ANSWER_MS = 10_000;                                // to `sync`, on both sides
const PROBE_MS = 25;
const WATCH_MS = 250;

const now = () => performance.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One client and the connection it has at the moment. */
class Member {
  constructor(role, index, world) {
    Object.assign(this, { role, index, world, tries: 0, backAt: null });
    const { min, max } = HABITS[role];
    this.backoff = new Backoff({ min, max, jitter: JITTER });
    this.connection = new Connection(role, index, world);
  }

  open() {
    return this.connection.open();
  }

  cut() {
    this.connection.socket.terminate();
  }

  /** Tries until it is back or the time is over. */
  async comeBack(until) {
    while (now() < until) {
      await sleep(this.backoff.duration());
      this.tries++;
      const { known } = this.connection;
      this.connection = new Connection(this.role, this.index, this.world);
      Object.assign(this.connection, { known, returned: true });
      if (await this.once()) {
        this.backAt = now();
        return;
      }
    }
  }

  /** Patience as the library has it for a greeting, then as our programs have it for an answer. */
  async once() {
    const { connection } = this;
    const giveUp = () => connection.socket.terminate();
    let late = setTimeout(giveUp, HABITS[this.role].open);
    connection.greeted = () => clearTimeout(late);
    connection.asked = () => { late = setTimeout(giveUp, ANSWER_MS); };
    try {
      await connection.open();
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(late);
    }
  }
}

/** Asks over and over on one connection; the milliseconds each answer took. */
function probe(address) {
  const agent = new KeepAlive({ keepAlive: true, maxSockets: 1 });
  const took = [];
  let going = true;
  const ask = () => new Promise((resolve) => {
    get(address, { agent }, (answer) => answer.resume().on('end', resolve)).on('error', resolve);
  });
  const done = (async () => {
    while (going) {
      const begun = now();
      await ask();
      took.push(now() - begun);
      await sleep(PROBE_MS);
    }
  })();
  return { async stop() { going = false; await done; agent.destroy(); return took; } };
}

export async function herd(world) {
  const { options, wire, counts } = world;
  const { pid, ticks } = options;
  const members = [
    ...Array.from({ length: options.agents }, (_, index) => new Member('agent', index, world)),
    ...Array.from({ length: options.connections }, (_, index) => new Member('shopper', index, world)),
  ];
  await wire.prepare();
  await openAll(members, options['connect-rate']);
  await wire.settle();
  await sleep(options.warmup * 1000);
  const origin = options.url.replace(/^ws/, 'http');
  const probing = probe(`${origin}${options.probe}`);
  await sleep(500);
  let peak = residentKib(pid);
  const watching = setInterval(() => { peak = Math.max(peak, residentKib(pid)); }, WATCH_MS);
  const processor = processorSeconds(pid, ticks), begun = now();
  world.finished = true;                                 // from here on a cut is no surprise
  for (const member of members) member.cut();
  await Promise.all(members.map((one) => one.comeBack(begun + options.seconds * 1000)));
  clearInterval(watching);
  const worked = processorSeconds(pid, ticks) - processor;
  const back = members.filter((one) => one.backAt !== null);
  const took = await probing.stop();
  Object.assign(counts, { closed: 0, errors: 0 });       // those were the cuts themselves
  return {
    clients: members.length, never_back: members.length - back.length,
    moved: members.filter((one) => one.connection.moved).length,
    tries: members.reduce((sum, one) => sum + one.tries, 0),
    back_ms: percentiles(back.map((one) => one.backAt - begun)),
    probe_ms: percentiles(took), server_s: worked, rss_kib: Math.max(peak, residentKib(pid)),
  };
}
