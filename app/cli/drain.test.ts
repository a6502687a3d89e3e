import { createColors } from 'picocolors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../engine/domain/ids.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeDeps } from '../../integrations/http/api-deps.fixture.ts';
import type { DrainView } from '../../integrations/http/api-deps.ts';
import { startApiServer, type ApiServer } from '../../integrations/http/api-server.ts';
import { drain } from './drain.ts';
import type { Terminal } from './terminal.ts';

const nobody = (): never => {
  throw new Error('the test asks for nothing of this');
};

describe('./strowger drain', () => {
  let server: ApiServer;
  let draining: ReadonlySet<string>;
  /** Calls of pbx-1 each time that somebody looks; the last one stays. */
  let calls: number[];
  let lines: string[];
  let progress: string[];
  const state = (): DrainView => {
    const one = calls.length > 1 ? (calls.shift() ?? 0) : (calls[0] ?? 0);
    const switches = [
      { nodeId: nodeId('pbx-1'), draining: draining.has('pbx-1'), calls: one },
      { nodeId: nodeId('pbx-2'), draining: draining.has('pbx-2'), calls: 7 },
    ];
    return { draining: draining.size === 2, calls: one + 7, switches };
  };
  const terminal: Terminal = {
    isTty: true,
    colors: createColors(false),
    line: (text = '') => void lines.push(text),
    note: nobody,
    progress: (text) => void progress.push(text),
  };
  const run = (options: Omit<Parameters<typeof drain>[1], 'url'>): Promise<void> => drain(terminal, { url: server.url, ...options });

  beforeAll(async () => {
    server = await startApiServer({
      deps: fakeDeps({
        engine: {
          handOver: nobody,
          drain: {
            get state() {
              return state();
            },
            set: async (name, on) => {
              if (name === 'pbx-9') throw new StrowgerError('switch.unknown', "There is no switch 'pbx-9'.", { hint: 'There are: pbx-1, pbx-2.' });
              draining = new Set([...(on ? [] : draining)].filter((id) => name !== undefined && id !== name).concat(on ? (name === undefined ? ['pbx-1', 'pbx-2'] : [name]) : []));
              return state();
            },
          },
        },
      }),
      logger: silentLogger,
      port: 0,
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    draining = new Set();
    calls = [0];
    lines = [];
    progress = [];
  });

  it('of a switch waits until it is empty, and says how many calls go on', async () => {
    calls = [2, 1, 0];
    await run({ switch: 'pbx-1' });
    expect(progress).toEqual(['pbx-1 takes no new calls; 2 go on', 'pbx-1 takes no new calls; one goes on']);
    expect(lines).toEqual(['pbx-1 takes no new calls, and is empty.']);
  });

  it('does not wait when told so, or longer than told', async () => {
    calls = [2];
    await run({ wait: false });
    expect(lines).toEqual(['The engine takes no new calls; 9 go on.']);
    await expect(run({ timeout: '0' })).rejects.toMatchObject({ code: 'cli.not-empty', fields: { calls: 9 } });
    await expect(run({ timeout: 'soon' })).rejects.toMatchObject({ code: 'cli.usage' });
  });

  it('ends when somebody takes calls again', async () => {
    calls = [2];
    const waits = run({ switch: 'pbx-1' });
    const ends = expect(waits).rejects.toMatchObject({ code: 'cli.drain-ended' });
    await expect.poll(() => progress).toHaveLength(1);
    await run({ switch: 'pbx-1', undo: true });
    expect(lines).toEqual(['pbx-1 takes new calls again.']);
    await ends;
  });

  it('prints what a program can read, and what is wrong with a name', async () => {
    await run({ switch: 'pbx-1', json: true });
    expect(JSON.parse(lines[0] ?? '')).toEqual({ draining: false, calls: 7, switches: [{ nodeId: 'pbx-1', draining: true, calls: 0 }, { nodeId: 'pbx-2', draining: false, calls: 7 }] });
    await expect(run({ switch: 'pbx-9' })).rejects.toMatchObject({ code: 'cli.refused', hint: 'There are: pbx-1, pbx-2.' });
  });
});
