// Every message by number: when it was due, acknowledged and delivered, and how often. Lost,
// doubled and foreign are counted here, by id, over the whole run, warm-up included.

const now = () => performance.now();

export class Ledger {
  constructor() {
    this.run = Date.now().toString(36) + process.pid.toString(36);
    this.next = 0;
    this.acked = 0;
    this.delivered = 0;
    this.doubleAcks = 0;
    this.doubleDeliveries = 0;
    this.foreign = 0;
    this.shownAt = new Map();
    this.behind = [];
    this.resize(1 << 16);
  }

  /** A new message, due at `when` (not when it is written: a stalled server pays for its queue). */
  begin(when) {
    if (this.next === this.due.length) this.resize(this.next * 2);
    this.due[this.next] = when;
    return this.next++;
  }

  id(number) {
    return `${this.run}-${number}`;
  }

  /** True for the first acknowledgement of a message of this run. */
  acknowledge(number) {
    if (!(number >= 0 && number < this.next)) { this.foreign++; return false; }
    if (this.ackedAt[number]) { this.doubleAcks++; return false; }
    this.ackedAt[number] = now();
    this.acked++;
    return true;
  }

  deliver(id) {
    const dash = id.lastIndexOf('-');
    const number = Number(id.slice(dash + 1));
    if (id.slice(0, dash) !== this.run || !(number < this.next)) { this.foreign++; return; }
    if (this.deliveredAt[number]) { this.doubleDeliveries++; return; }
    this.deliveredAt[number] = now();
    this.delivered++;
  }

  /** A message is on the agent's screen, by whatever names it on the wire. */
  shown(name) {
    this.shownAt.set(name, now());
  }

  /** Its suggestions have come, too; not every message gets any where many come at once. */
  suggested(name) {
    const at = this.shownAt.get(name);
    if (at !== undefined && this.shownAt.delete(name)) this.behind.push(now() - at);
  }

  get complete() {
    return this.acked === this.next && this.delivered === this.next;
  }

  /** Milliseconds from due to acknowledged and to delivered, of the messages due in [from, to). */
  latencies(from, to) {
    const ack = [], delivery = [];
    for (let n = 0; n < this.next; n++) {
      if (this.due[n] < from || this.due[n] >= to) continue;
      if (this.ackedAt[n]) ack.push(this.ackedAt[n] - this.due[n]);
      if (this.deliveredAt[n]) delivery.push(this.deliveredAt[n] - this.due[n]);
    }
    return {
      ack_ms: percentiles(ack), delivery_ms: percentiles(delivery),
      behind_ms: percentiles(this.behind),
    };
  }

  totals() {
    return {
      sent: this.next,
      lost_acks: this.next - this.acked,
      lost_deliveries: this.next - this.delivered,
      double_acks: this.doubleAcks,
      double_deliveries: this.doubleDeliveries,
      foreign: this.foreign,
    };
  }

  resize(length) {
    for (const name of ['due', 'ackedAt', 'deliveredAt']) {
      const larger = new Float64Array(length);
      if (this[name]) larger.set(this[name]);
      this[name] = larger;
    }
  }
}

/** The value at place floor(p * n) of the sorted list: the smallest that p of all lie below. */
export function percentiles(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (p) => sorted.length
    ? Number(sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))].toFixed(3)) : null;
  return { n: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
