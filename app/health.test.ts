import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../engine/domain/errors.ts';
import { nodeId } from '../engine/domain/ids.ts';
import { healthOf, type HealthParts } from './health.ts';

type Node = HealthParts['nodes'][number];

const up = (id: string, more: Partial<Node['status']> = {}, phase: Node['phase'] = 'up'): Node => ({
  status: { nodeId: nodeId(id), state: 'up', ready: true, pulse: { silentMs: 0, oldestRequestMs: 0 }, lastError: undefined, ...more },
  phase,
});
const lost = new StrowgerError('switch.unreachable', 'The connection was lost: socket closed.');
const down = (id: string): Node => up(id, { state: 'down', ready: false, pulse: undefined, lastError: lost }, 'down');
const drained = (...ids: readonly string[]): HealthParts['drain'] => ({
  draining: ids.length === 2,
  calls: 5,
  switches: ['a', 'b'].map((id) => ({ nodeId: nodeId(id), draining: ids.includes(id), calls: id === 'a' ? 3 : 2 })),
});
const well: HealthParts = {
  nodes: [up('a'), up('b')],
  store: { degraded: false, failedFlushes: 0, waitingEvents: 0 },
  mqtt: { connected: true, waiting: 0, moreInStore: false, doneSeq: 1 },
  recognizers: [{ recognizer: 'funasr', asked: 3, failed: 0, open: false }],
  services: [{ service: 'bankCore', state: 'closed' }],
  admission: { level: 0, reasons: [] },
  drain: drained(),
};

/** Whether the API would say that the engine is ready, and what it would name. */
function told(parts: Partial<HealthParts>) {
  const health = healthOf({ ...well, ...parts });
  const amiss = Object.entries(health).filter(([, { ready }]) => !ready);
  return { ready: amiss.every(([, { needed }]) => !needed), amiss: amiss.map(([name, { detail }]) => `${name}: ${detail ?? ''}`) };
}

describe('health', () => {
  it('is good when all is well', () => {
    expect(told({})).toEqual({ ready: true, amiss: [] });
  });

  it('goes on with the switches that are left, and names the one that is lost', () => {
    expect(told({ nodes: [up('a'), down('b')] })).toEqual({ ready: true, amiss: ['switch b: The connection was lost: socket closed.'] });
    expect(told({ nodes: [down('a'), down('b')] }).ready).toBe(false);
    expect(told({ nodes: [down('a')] }).ready).toBe(false);
  });

  it.each([
    ['is silent', up('a', { ready: false, pulse: { silentMs: 1_500, oldestRequestMs: 0 } }), 'nothing was heard for 1500 ms'],
    ['is being compared', up('a', {}, 'reconciling'), 'its calls are being compared with the books'],
    ['was taken over', up('a', { state: 'replaced', ready: false }, 'down'), 'another engine has taken the application over'],
    ['was never there', up('a', { state: 'down', ready: false }, 'down'), 'not connected yet'],
  ])('is bad while the only switch %s', (_, node, detail) => {
    expect(told({ nodes: [node] })).toEqual({ ready: false, amiss: [`switch a: ${detail}`] });
  });

  it('is bad while the store cannot be written, with the reason', () => {
    const store = { degraded: true, failedFlushes: 2, reason: 'database or disk is full', waitingEvents: 7 };
    expect(told({ store })).toEqual({ ready: false, amiss: ['store: cannot be written, 7 events wait in memory: database or disk is full'] });
  });

  it('is bad while all is to become empty, and tells of one switch that is', () => {
    expect(told({ drain: drained('a', 'b') })).toEqual({ ready: false, amiss: ['drain: no new calls are taken; 5 go on'] });
    expect(told({ drain: drained('a') })).toEqual({ ready: true, amiss: ['drain: no new calls are taken on a; 3 go on there'] });
    expect(told({ drain: drained('a'), nodes: [up('a'), down('b')] }).ready).toBe(false);
  });

  it('is bad while new calls are refused, and tells of lesser load', () => {
    const reasons = [{ measure: 'loopLagMs' as const, value: 612.345, limit: 500 }];
    expect(told({ admission: { level: 2, reasons } })).toEqual({ ready: true, amiss: ['admission: new callers are told to call later; loopLagMs is 612.35, limit 500'] });
    expect(told({ admission: { level: 3, reasons } }).ready).toBe(false);
  });

  it('tells what calls go on without', () => {
    const { ready, amiss } = told({
      mqtt: { connected: false, waiting: 5, moreInStore: true, doneSeq: 1 },
      recognizers: [{ recognizer: 'funasr', asked: 3, failed: 3, open: true }],
      services: [{ service: 'bankCore', state: 'open' }],
    });
    expect(ready).toBe(true);
    expect(amiss.map((text) => text.split(':')[0])).toEqual(['broker', 'recogniser funasr', 'service bankCore']);
  });
});
