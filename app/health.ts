import type { AdmissionState } from '../engine/admission/admission.ts';
import type { NodeId } from '../engine/domain/ids.ts';
import type { Sessions } from '../engine/session/sessions.ts';
import type { PartHealth } from '../integrations/http/api-deps.ts';
import type { MqttHealth } from '../integrations/mqtt/mqtt-publisher.ts';
import type { StoreHealth } from '../integrations/store/turn-writer.ts';
import type { AriNodeStatus } from '../telephony/ari/ari-node.ts';
import type { CircuitFigures } from '../telephony/recognition/recognizer-circuit.ts';
import type { DrainState } from './drain.ts';
import type { ServiceCircuit } from './services.ts';

/** How the parts of an engine are, now. */
export interface HealthParts {
  readonly nodes: readonly { readonly status: Pick<AriNodeStatus, 'nodeId' | 'state' | 'ready' | 'pulse' | 'lastError'>; readonly phase: ReturnType<Sessions['phaseOf']> }[];
  readonly store: StoreHealth & { readonly waitingEvents: number };
  readonly mqtt: MqttHealth;
  readonly recognizers: readonly CircuitFigures[];
  readonly services: readonly ServiceCircuit[];
  readonly admission: Pick<AdmissionState, 'level' | 'reasons'>;
  readonly drain: Pick<DrainState, 'draining' | 'calls' | 'switches'>;
}

/**
 * What `/readyz` says of each part, by its name. The engine is ready while one switch at least is served and the store can be written: what happens
 * while it cannot would not survive a crash. While new calls are refused, for load or because it is to become empty, it is not ready either. All else is told, but calls go on without it.
 */
export function healthOf({ nodes, store, mqtt, recognizers, services, admission, drain }: HealthParts): Readonly<Record<string, PartHealth>> {
  const switches = new Map<NodeId, Omit<PartHealth, 'needed'>>(nodes.map((node) => [node.status.nodeId, switchHealth(node)]));
  const oneServes = [...switches].some(([id, { ready }]) => ready && !drain.switches.some(({ nodeId, draining }) => draining && nodeId === id));
  return {
    ...Object.fromEntries([...switches].map(([id, health]) => [`switch ${id}`, { ...health, needed: !oneServes || health.ready }])),
    store: { needed: true, ready: !store.degraded, ...(store.degraded ? { detail: `cannot be written, ${store.waitingEvents} events wait in memory: ${store.reason ?? 'no reason given'}` } : {}) },
    admission: { needed: admission.level >= 3, ...admissionHealth(admission) },
    ...(drain.switches.some(({ draining }) => draining) ? { drain: { needed: drain.draining, ready: false, detail: drainDetail(drain) } } : {}),
    broker: { needed: false, ready: mqtt.connected, ...(mqtt.connected ? {} : { detail: `away, ${mqtt.waiting} events wait in memory${mqtt.moreInStore ? ', more on disk' : ''}` }) },
    ...Object.fromEntries(
      recognizers.map(({ recognizer, open }) => [`recogniser ${recognizer}`, { needed: false, ready: !open, ...(open ? { detail: 'failed too often; the next one is asked, or callers use keys' } : {}) }]),
    ),
    ...Object.fromEntries(
      services.map(({ service, state }) => [`service ${service}`, { needed: false, ready: state !== 'open', ...(state === 'open' ? { detail: 'failed too often; flows take their error exits' } : {}) }]),
    ),
  };
}

const DONE_ABOUT_LOAD = ['', 'what is optional is left out', 'new callers are told to call later', 'new calls are refused'];

function admissionHealth({ level, reasons }: HealthParts['admission']): Omit<PartHealth, 'needed'> {
  if (level === 0) return { ready: true };
  return { ready: false, detail: `${DONE_ABOUT_LOAD[level]}${reasons.map(({ measure, value, limit }) => `; ${measure} is ${Math.round(value * 100) / 100}, limit ${limit}`).join('')}` };
}

function drainDetail({ draining, calls, switches }: HealthParts['drain']): string {
  if (draining) return `no new calls are taken; ${calls} go on`;
  const drained = switches.filter((one) => one.draining);
  return `no new calls are taken on ${drained.map(({ nodeId }) => nodeId).join(', ')}; ${drained.reduce((sum, one) => sum + one.calls, 0)} go on there`;
}

function switchHealth({ status: { state, ready, pulse, lastError }, phase }: HealthParts['nodes'][number]): Omit<PartHealth, 'needed'> {
  if (state !== 'up') return { ready: false, detail: state === 'replaced' ? 'another engine has taken the application over' : (lastError?.message ?? 'not connected yet') };
  if (!ready) return { ready: false, detail: `nothing was heard for ${pulse?.silentMs ?? 0} ms` };
  if (phase !== 'up') return { ready: false, detail: 'its calls are being compared with the books' };
  return { ready: true };
}
