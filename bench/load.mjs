#!/usr/bin/env node
// The load generator: shoppers who write, agents who receive, one process, one clock.
//
//   node bench/load.mjs --wire anchor --url ws://127.0.0.1:8740 --pid PID --mode closed
//
// mode closed   every shopper keeps one message unacknowledged: what the server can carry
//      open     --rate messages a second, latency from the moment the message was due, sent or not
//               (no coordinated omission: a stalled server pays for the queue it causes)
//      idle     --connections sockets that only stay: memory of a connection
//      herd     --connections shoppers cut at once and coming back within --seconds; --shoppers of
//               them are with agents, who are cut too
//      chats    --shoppers conversations open with agents, and silence: what open chats cost
//
// A message is one frame of a shopper in, one acknowledgement out, one delivery to the agent's
// socket. Server time is user + system of the whole process tree between two marks, divided by the
// deliveries between them.
// Prints one JSON object. Exit code 2 with a sentence on standard error when the run says nothing.

import { parseArgs } from 'node:util';
import { AnchorWire } from './load/anchor.mjs';
import { Connection, openAll } from './load/connection.mjs';
import { herd } from './load/herd.mjs';
import { Ledger } from './load/ledger.mjs';
import { coreSeconds, processorSeconds, residentKib } from './load/proc.mjs';
import { ProductWire } from './load/product.mjs';
import { sentences } from './load/text.mjs';

const WIRES = { anchor: AnchorWire, product: ProductWire };
const BURST = 64;      // due messages sent before the sockets are read again
const SPIN_MS = 2;     // timers are a millisecond late; the last stretch is waited out awake
const NUMBERS = {
  pid: 0, rate: 500, shoppers: 200, agents: 20, seconds: 3, warmup: 1, drain: 5, connections: 5000,
  'connect-rate': 500, core: 0, ticks: 100,
};
const WORDS = {
  wire: 'anchor', url: '', mode: 'closed', language: 'latin', inbox: '', accounts: '',
  probe: '/readyz',
};

function read(argv) {
  const known = Object.entries({ ...NUMBERS, ...WORDS });
  const { values } = parseArgs({
    args: argv,
    options: Object.fromEntries(
      known.map(([name, value]) => [name, { type: 'string', default: String(value) }])),
  });
  for (const name of Object.keys(NUMBERS)) {
    const number = Number(values[name]);
    if (Number.isNaN(number)) throw new Error(`--${name} ${values[name]}: not a number`);
    values[name] = number;
  }
  for (const [name, choices] of Object.entries({ wire: WIRES, mode: MODES })) {
    if (values[name] in choices) continue;
    throw new Error(`--${name} ${values[name]}: one of ${Object.keys(choices)}`);
  }
  return values;
}

const MODES = { closed: talk, open: talk, idle, chats, herd };
const now = () => performance.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function world(options) {
  const here = {
    options, ledger: new Ledger(), finished: false, refusals: [], onAck: () => {},
    counts: { frames: 0, closed: 0, errors: 0, resyncs: 0 },
  };
  here.wire = new WIRES[options.wire](options, here);
  here.say = sentences(options.language);
  return here;
}

function people(here, role, count) {
  return Array.from({ length: count }, (_, index) => new Connection(role, index, here));
}

function post(here, shopper, due) {
  const number = here.ledger.begin(due);
  shopper.send(here.wire.message(shopper, number, here.say(number)));
}

function mark({ options: { pid, ticks, core }, ledger, counts }) {
  const { user, system } = process.cpuUsage();
  return {
    at: now(), server: processorSeconds(pid, ticks), core: coreSeconds(core, ticks),
    generator: (user + system) / 1e6,
    sent: ledger.next, acked: ledger.acked, delivered: ledger.delivered, frames: counts.frames,
  };
}

async function gather(here) {
  const { options, wire } = here;
  const agents = people(here, 'agent', options.agents);
  const shoppers = people(here, 'shopper', options.shoppers);
  await wire.prepare();
  await openAll(agents, options['connect-rate']);
  await openAll(shoppers, options['connect-rate']);
  await wire.settle();
  await sleep(200);
  return shoppers;
}

async function talk(here) {
  const { options, ledger } = here;
  const shoppers = await gather(here);
  const warm = now() + options.warmup * 1000, end = warm + options.seconds * 1000;
  let from = null;
  setTimeout(() => { from = mark(here); }, options.warmup * 1000);
  await (options.mode === 'closed' ? saturate : pace)(here, shoppers, end);
  const to = mark(here);
  const until = now() + options.drain * 1000;
  while (!ledger.complete && now() < until) await sleep(20);
  here.finished = true;
  return {
    ...rates(from, to), ...ledger.latencies(from.at, to.at), ...ledger.totals(),
    rss_kib: residentKib(options.pid),
  };
}

async function saturate(here, shoppers, end) {
  here.onAck = (shopper) => { if (now() < end) post(here, shopper, now()); };
  for (const shopper of shoppers) post(here, shopper, now());
  await sleep(end - now());
}

function pace(here, shoppers, end) {
  const gap = 1000 / here.options.rate;
  let due = now(), turn = 0;
  return new Promise((resolve) => {
    const tick = () => {
      const time = now();
      for (let n = 0; n < BURST && due <= time && due < end; n++, due += gap) {
        post(here, shoppers[turn++ % shoppers.length], due);
      }
      if (due >= end) return resolve();
      const early = due - now() - SPIN_MS;
      if (early >= 1) setTimeout(tick, early);
      else setImmediate(tick);
    };
    tick();
  });
}

function rates(from, to) {
  const seconds = (to.at - from.at) / 1000;
  const per_second = (name) => (to[name] - from[name]) / seconds;
  return {
    seconds,
    offered_per_s: per_second('sent'),
    acked_per_s: per_second('acked'),
    delivered_per_s: per_second('delivered'),
    frames_per_s: per_second('frames'),
    server_us: (to.server - from.server) / Math.max(1, to.delivered - from.delivered) * 1e6,
    server_share: per_second('server'),
    generator_share: per_second('generator'),
    others_share: Math.max(0, per_second('core') - per_second('server')),
  };
}

async function idle(here) {
  const { pid, connections, ticks, seconds } = here.options;
  const before = residentKib(pid), began = processorSeconds(pid, ticks);
  const took = await openAll(people(here, 'shopper', connections), here.options['connect-rate']);
  const connect = processorSeconds(pid, ticks) - began;
  await sleep(seconds * 1000);
  const after = residentKib(pid);
  here.finished = true;
  return {
    connections, connect_s: took, connect_us: connect / connections * 1e6,
    rss_before_kib: before, rss_kib: after, kib_per_connection: (after - before) / connections,
  };
}

async function chats(here) {
  const { pid, shoppers } = here.options;
  const before = residentKib(pid);
  await gather(here);
  await sleep(here.options.warmup * 1000);
  const from = mark(here);
  await sleep(here.options.seconds * 1000);
  const to = mark(here);
  here.finished = true;
  return { shoppers, rss_before_kib: before, rss_kib: residentKib(pid), ...rates(from, to) };
}

async function main() {
  const options = read(process.argv.slice(2)), here = world(options);
  const connecting = options.connections / options['connect-rate'];
  const bound = options.seconds + options.warmup + options.drain + 90 + connecting * 4;
  setTimeout(() => { throw new Error(`not done after ${bound} s`); }, bound * 1000).unref();
  const result = await MODES[options.mode](here);
  if (here.refusals.length) {
    const first = JSON.stringify(here.refusals[0]);
    throw new Error(`${here.refusals.length} messages refused, the first with ${first}`);
  }
  const { wire, mode } = options;
  console.log(JSON.stringify({ wire, mode, ...result, ...here.counts }));
}

const fail = (error) => { console.error(`load: ${error.stack ?? error}`); process.exit(2); };
process.on('uncaughtException', fail);
main().then(() => process.exit(0), fail);
