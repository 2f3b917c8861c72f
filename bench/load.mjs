#!/usr/bin/env node
// The load generator: shoppers who write, agents who receive, one process, one clock.
//
//   node bench/load.mjs --wire anchor --url ws://127.0.0.1:8740 --pid PID --mode closed
//
// mode closed   every shopper keeps one message unacknowledged: what the server can carry
//      open     --rate messages a second, each latency from the moment the message was due, sent or not
//               (no coordinated omission: a stalled server pays for the queue it causes)
//      idle     --connections sockets that only stay: memory of a connection
//      chats    --shoppers conversations open with agents, and silence: memory and processor time of open chats
//
// A message is one frame of a shopper in, one acknowledgement out, one delivery to the agent's socket. Server time is
// user + system of the whole process tree between two marks, divided by the deliveries between them.
// Prints one JSON object. Exit code 2 with a sentence on standard error when the run says nothing.

import { parseArgs } from 'node:util';
import { AnchorWire } from './load/anchor.mjs';
import { Connection, openAll } from './load/connection.mjs';
import { Ledger } from './load/ledger.mjs';
import { coreSeconds, processorSeconds, residentKib } from './load/proc.mjs';
import { ProductWire } from './load/product.mjs';
import { sentences } from './load/text.mjs';

const WIRES = { anchor: AnchorWire, product: ProductWire };
const DRAIN_MS = 5_000;
const BURST = 64;                    // due messages sent before the sockets are read again
const SPIN_MS = 2;                   // timers are a millisecond late; the last stretch is waited out awake
const text = (fallback) => ({ type: 'string', default: String(fallback) });

function read(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      wire: text('anchor'), url: text(''), pid: text(0), mode: text('closed'), rate: text(500),
      shoppers: text(200), agents: text(20), seconds: text(3), warmup: text(1), connections: text(5000),
      'connect-rate': text(500), language: text('latin'), core: text(0), ticks: text(100), inbox: text(''), accounts: text(''),
    },
  });
  for (const name of ['pid', 'rate', 'shoppers', 'agents', 'seconds', 'warmup', 'connections', 'connect-rate', 'core', 'ticks']) {
    values[name] = Number(values[name]);
  }
  if (!(values.wire in WIRES)) throw new Error(`--wire ${values.wire}: one of ${Object.keys(WIRES)}`);
  if (!(values.mode in MODES)) throw new Error(`--mode ${values.mode}: one of ${Object.keys(MODES)}`);
  return values;
}

const MODES = { closed: talk, open: talk, idle, chats };
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
    at: now(), server: processorSeconds(pid, ticks), core: coreSeconds(core, ticks), generator: (user + system) / 1e6,
    sent: ledger.next, acked: ledger.acked, delivered: ledger.delivered, frames: counts.frames,
  };
}

async function gather(here) {
  const { options, wire } = here;
  const agents = people(here, 'agent', options.agents), shoppers = people(here, 'shopper', options.shoppers);
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
  const until = now() + DRAIN_MS;
  while (!ledger.complete && now() < until) await sleep(20);
  here.finished = true;
  return { ...rates(from, to), ...ledger.latencies(from.at, to.at), ...ledger.totals(), rss_kib: residentKib(options.pid) };
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
  const seconds = (to.at - from.at) / 1000, share = (name) => (to[name] - from[name]) / seconds;
  const delivered = Math.max(1, to.delivered - from.delivered), server = to.server - from.server;
  return {
    seconds, offered_per_s: share('sent'), acked_per_s: share('acked'), delivered_per_s: share('delivered'),
    frames_per_s: share('frames'), server_us: server / delivered * 1e6, server_share: server / seconds,
    generator_share: share('generator'), others_share: Math.max(0, to.core - from.core - server) / seconds,
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
    connections, connect_s: took, connect_us: connect / connections * 1e6, rss_before_kib: before, rss_kib: after,
    kib_per_connection: (after - before) / connections,
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
  const bound = options.seconds + options.warmup + 90 + options.connections / options['connect-rate'] * 4;
  setTimeout(() => { throw new Error(`not done after ${bound} s`); }, bound * 1000).unref();
  const result = await MODES[options.mode](here);
  if (here.refusals.length) throw new Error(`${here.refusals.length} messages refused: ${JSON.stringify(here.refusals[0])}`);
  console.log(JSON.stringify({ wire: options.wire, mode: options.mode, ...result, ...here.counts }));
}

const fail = (error) => { console.error(`load: ${error.stack ?? error}`); process.exit(2); };
process.on('uncaughtException', fail);
main().then(() => process.exit(0), fail);
