// What the server cost, read from /proc: time and memory of a process and all its children.

import { readFileSync, readdirSync } from 'node:fs';

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;   // it has just ended
    throw error;
  }
};

/** The process and every descendant that lives. */
export function tree(pid) {
  let threads;
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  const children = threads.flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean));
  return [pid, ...children.flatMap((child) => tree(Number(child)))];
}

/** User and system seconds of the tree, ended children included (proc(5), fields 14-17 of stat). */
export function processorSeconds(pid, ticks) {
  let sum = 0;
  for (const one of tree(pid)) {
    const stat = read(`/proc/${one}/stat`);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const field of [11, 12, 13, 14]) sum += Number(fields[field]);
  }
  return sum / ticks;
}

/** Resident memory of the tree in KiB; pages that its processes share count once for each. */
export function residentKib(pid) {
  let sum = 0;
  for (const one of tree(pid)) {
    sum += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${one}/status`) ?? '')?.[1] ?? 0);
  }
  return sum;
}

/** Seconds that one core worked (user, nice, system) or was taken by the host (steal). */
export function coreSeconds(core, ticks) {
  const line = read('/proc/stat').split('\n').find((row) => row.startsWith(`cpu${core} `));
  const [user, nice, system, , , , , steal] = line.split(' ').slice(1).map(Number);
  return (user + nice + system + steal) / ticks;
}
