import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** As much of V8's `.cpuprofile` as is read here. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const TOP_FUNCTIONS = 45;

/**
 * Where the CPU time went: by module (own time and with what it called), then by function. Of the profiles in `dir`, one
 * a thread, the largest is the main thread's after some seconds of load.
 */
export function hotSpots(dir: string): readonly string[] {
  const files = readdirSync(dir).map((name) => join(dir, name));
  const largest = files.reduce((a, b) => (statSync(b).size > statSync(a).size ? b : a));
  const profile = JSON.parse(readFileSync(largest, 'utf8')) as CpuProfile;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const own = new Map<string, number>();
  const whole = new Map<string, number>();
  const functions = new Map<string, number>();
  let busyUs = 0;
  profile.samples.forEach((id, index) => {
    const node = nodes.get(id);
    const us = profile.timeDeltas[index] ?? 0;
    if (node === undefined || ['(idle)', '(program)', '(root)'].includes(node.callFrame.functionName)) return;
    busyUs += us;
    add(own, moduleOf(node), us);
    add(functions, `${moduleOf(node)}  ${node.callFrame.functionName || '(anonymous)'}:${node.callFrame.lineNumber + 1}`, us);
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = nodes.get(at);
      if (frame !== undefined) seen.add(moduleOf(frame));
    }
    for (const module of seen) add(whole, module, us);
  });
  const share = (us: number) => `${((100 * us) / busyUs).toFixed(1).padStart(5)} %`;
  const sorted = (map: ReadonlyMap<string, number>) => [...map].sort(([, a], [, b]) => b - a);
  return [
    `busy ${(busyUs / 1_000).toFixed(0)} ms; own time, time with what was called from there`,
    ...sorted(own).slice(0, 40).map(([module, us]) => `${share(us)} ${share(whole.get(module) ?? 0)}  ${module}`),
    '',
    ...sorted(functions).slice(0, TOP_FUNCTIONS).map(([name, us]) => `${share(us)}  ${name}`),
  ];
}

/** `xstate`, `ws`, `engine/session`, `node:net`, `(garbage collector)`, … */
function moduleOf({ callFrame: { url, functionName } }: ProfileNode): string {
  if (url === '') return functionName === '(garbage collector)' ? functionName : 'native';
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  const packageName = /\/node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  return /\/((?:engine|telephony|integrations|app|bench|flows)\/.*?)(?:\.ts)?$/.exec(url)?.[1] ?? url;
}

function add(map: Map<string, number>, key: string, us: number): void {
  map.set(key, (map.get(key) ?? 0) + us);
}
