import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

// sysconf(_SC_CLK_TCK) is 100 on all architectures that Debian supports. The kernel counts finer and rounds here.
const MS_PER_TICK = 10;

/** CPU time of a process and its threads so far, in milliseconds (proc(5): utime + stime of /proc/PID/stat). */
export function processCpuMs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** CPU time of the children of a process that have ended and were waited for, in milliseconds (cutime + cstime). */
export function childrenCpuMs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}

/** CPU time of this process and of its children that have ended, in milliseconds. */
export function ownCpuMs(): { readonly self: number; readonly endedChildren: number } {
  const fields = statFields(process.pid);
  return { self: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK, endedChildren: (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK };
}

/** CPU time that the whole machine has spent so far, in milliseconds: everything but idle and waiting for disks. */
export function machineCpuMs(): number {
  // proc(5): user nice system idle iowait irq softirq steal; guest time is in user.
  const line = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq) * MS_PER_TICK;
}

/** Load average of the last minute. */
export function load1(): number {
  return loadavg()[0] ?? 0;
}

function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name (field 2) may contain blanks and parentheses.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
