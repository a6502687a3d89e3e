import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anEvent, StoreFixture } from '../../integrations/store/store.fixture.ts';
import { readEvents } from './read-events.ts';

let stores: StoreFixture;
beforeEach(() => (stores = new StoreFixture()));
afterEach(() => stores.clean());

const WANTED = anEvent({ type: 'acd.configured', agents: [], queues: [] });
const OTHER = anEvent({ type: 'call.state', state: 'main' });

it('reads a store beside its engine, only what a simulation needs', async () => {
  const store = await stores.open();
  store.events.append(OTHER);
  store.events.append(WANTED);
  store.flush();
  expect(await readEvents(stores.path)).toEqual([WANTED]);
});

it.each([
  ['an answer of the API', JSON.stringify({ events: [{ seq: 1, event: OTHER }, { seq: 2, event: WANTED }], next: 2 })],
  ['answers of the API, one a line', `${JSON.stringify({ events: [{ seq: 1, event: OTHER }] })}\n${JSON.stringify({ events: [{ seq: 2, event: WANTED }] })}\n`],
  ['recorded events, one a line', [OTHER, WANTED].map((event, seq) => JSON.stringify({ seq, event })).join('\n')],
  ['events, one a line', [OTHER, WANTED].map((event) => JSON.stringify(event)).join('\n')],
])('reads %s', async (_, text) => {
  const file = join(stores.folder, 'events.txt');
  writeFileSync(file, text);
  expect(await readEvents(file)).toEqual([WANTED]);
});

it('passes over events of a version that it does not know', async () => {
  const file = join(stores.folder, 'events.txt');
  writeFileSync(file, JSON.stringify({ ...WANTED, v: 2 }));
  expect(await readEvents(file)).toEqual([]);
});
