import { assign, createActor, setup } from 'xstate';
import { describe, expect, it } from 'vitest';
import { attachVerbHost, verbActors } from './verb-logic.ts';
import type { SayInput, VerbHost, VerbName, VerbOutcome, VerbRun } from './verb.ts';

const say = (key: string): SayInput => ({ prompts: [{ key }], languages: ['en'], bargeIn: true });

const machine = setup({ actors: verbActors }).createMachine({
  id: 'flow',
  initial: 'one',
  context: { heard: 0 },
  on: { 'key.operator': '.operator' },
  states: {
    one: { invoke: { src: 'say', id: 'one', input: say('one'), onDone: { target: 'two', actions: assign({ heard: 1 }) } } },
    two: { invoke: { src: 'say', id: 'two', input: say('two'), onDone: 'over', onError: 'broken' } },
    operator: {},
    broken: {},
    over: { type: 'final' },
  },
});

/** Goes on when its sub-flow fails, which throws while its verb runs. */
const forgiving = setup({
  actors: {
    ...verbActors,
    part: setup({ actors: verbActors }).createMachine({
      on: {
        'key.back': {
          actions: () => {
            throw new Error('a mistake of the designer');
          },
        },
      },
      invoke: { src: 'say', id: 'inner', input: say('inner') },
    }),
  },
}).createMachine({
  initial: 'part',
  states: {
    part: { invoke: { src: 'part', id: 'part', onError: 'after' } },
    after: { invoke: { src: 'say', id: 'after', input: say('after') } },
  },
});

/** A host whose verbs end when the test says so. */
class ManualHost implements VerbHost {
  readonly runs: { run: VerbRun; end: (outcome: unknown) => void; fail: (error: unknown) => void }[] = [];
  run<N extends VerbName>(run: VerbRun<N>): Promise<VerbOutcome<N>> {
    return new Promise((resolve, reject) => {
      this.runs.push({ run, end: (outcome) => resolve(outcome as VerbOutcome<N>), fail: reject });
    });
  }
  last() {
    const run = this.runs.at(-1);
    if (!run) throw new Error('no verb was run');
    return run;
  }
}

function started(snapshot?: unknown) {
  const host = new ManualHost();
  const actor = createActor(machine, snapshot === undefined ? {} : { snapshot: snapshot as ReturnType<typeof machine.getInitialSnapshot> });
  attachVerbHost(actor.system, host);
  actor.start();
  return { actor, host };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('verbLogic', () => {
  it('gives the outcome to the flow, which goes on to the next verb', async () => {
    const { actor, host } = started();
    expect(host.last().run.input).toEqual(say('one'));
    host.last().end({ outcome: 'said', interrupted: false });
    await settled();
    expect(actor.getSnapshot().value).toBe('two');
    expect(host.runs).toHaveLength(2);
  });

  it('cancels what a state started when the state is left', () => {
    const { actor, host } = started();
    const { run } = host.last();
    let cancelled = 0;
    run.cancel.onCancel(() => cancelled++);
    expect(run.tell({ type: 'key.operator' })).toBe(true);
    expect(actor.getSnapshot().value).toBe('operator');
    expect(cancelled).toBe(1);
  });

  it('cancels what a sub-flow started when that fails, before the flow goes on', () => {
    const host = new ManualHost();
    const actor = createActor(forgiving);
    attachVerbHost(actor.system, host);
    actor.start();
    const { run } = host.last();
    let runsThen: number | undefined;
    run.cancel.onCancel(() => (runsThen = host.runs.length));
    run.tell({ type: 'key.back' });
    expect(actor.getSnapshot().value).toBe('after');
    expect(host.runs.map(({ run: { id } }) => id)).toEqual(['part/inner', 'after']);
    expect(runsThen).toBe(1);
    expect(host.last().run.cancel.cancelled).toBe(false);
  });

  it('tells whether nobody handled a key, and goes on then', () => {
    const { actor, host } = started();
    expect(host.last().run.tell({ type: 'key.back' })).toBe(false);
    expect(host.last().run.cancel.cancelled).toBe(false);
    expect(actor.getSnapshot().value).toBe('one');
  });

  it('runs again with the same input and its last progress after a restart', () => {
    const { actor, host } = started();
    host.last().run.progress({ typed: '12' });
    const persisted: unknown = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
    const again = started(persisted);
    expect(again.host.last().run.input).toEqual(say('one'));
    expect(again.host.last().run.id).toBe('one');
    expect(again.host.last().run.resume).toEqual({ typed: '12' });
  });

  it('keeps nothing of a verb that is over', async () => {
    const { actor, host } = started();
    host.last().run.progress({ typed: '12' });
    host.last().end({ outcome: 'said', interrupted: false });
    await settled();
    expect(JSON.stringify(actor.getPersistedSnapshot())).not.toContain('typed');
  });

  it('ends the state by its error exit when the host fails', async () => {
    const { actor, host } = started();
    host.last().end({ outcome: 'said', interrupted: false });
    await settled();
    host.last().fail(new Error('no media'));
    await settled();
    expect(actor.getSnapshot().value).toBe('broken');
  });

  it('fails loudly when no session was attached', async () => {
    const actor = createActor(machine);
    const errors: unknown[] = [];
    actor.subscribe({ error: (error) => errors.push(error) });
    actor.start();
    await settled();
    expect(String(errors[0])).toContain('attachVerbHost');
  });
});
