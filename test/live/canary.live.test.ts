import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_CUSTOMERS } from '../../flows/services/sample-bank-core.ts';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { CanarySearch } from '../rigs/canary-search.ts';
import { HotlineRig } from './hotline-rig.ts';

const LEVEL = 'STROWGER_LOG__LEVEL';
/** Digits that are nobody's: a find is a leak, not a coincidence. */
const WRONG = '739518';
const INTERRUPTED = '850627';
const IN_FAULTS = '961738';
const [li, zhao] = SAMPLE_CUSTOMERS;

let rig: HotlineRig;
let mqtt: MqttClient;
const messages: string[] = [];

beforeAll(async () => {
  // The engine takes it from us: nothing is kept from its log.
  process.env[LEVEL] = 'debug';
  rig = await HotlineRig.start();
  mqtt = await connectAsync(rig.mqttUrl);
  mqtt.on('message', (topic, payload) => void messages.push(`${topic} ${payload.toString()}`));
  await mqtt.subscribeAsync('#');
}, 300_000);
afterAll(async () => {
  Reflect.deleteProperty(process.env, LEVEL);
  await mqtt.endAsync(true);
  await rig.stop();
});

/** As far as the question for the PIN. */
async function toPin(account: string): Promise<OutgoingCall> {
  const call = await rig.call();
  await rig.toMainMenu(call);
  await call.media.sendDigits('2');
  await rig.engine.prompt('identify.account');
  await call.media.sendDigits(`${account}#`);
  await rig.engine.prompt('identify.pin');
  return call;
}

async function over(call: OutgoingCall): Promise<void> {
  await call.hangUp();
  await rig.engine.event('call.ended');
}

/** What the API answers, every page of it. */
async function addAnswers(search: CanarySearch): Promise<void> {
  for (const path of ['/agents', '/queues', '/calls', '/callbacks?state=all', '/acd/config', '/reports?by=total', '/openapi.json']) search.add(`GET ${path}`, (await rig.api('GET', `/api/v1${path}`)) as object);
  for (let after = 0; ; ) {
    const page = (await rig.api('GET', `/api/v1/events?after=${after}&limit=1000`)) as { events: readonly object[]; next: number };
    search.add(`GET /events after ${after}`, page);
    if (page.events.length === 0) break;
    after = page.next;
  }
  for (const path of ['/metrics', '/readyz', '/healthz']) search.add(`GET ${path}`, await (await fetch(rig.apiUrl + path)).text());
}

describe('a PIN that is typed', () => {
  it('is found in no log, journal, topic, snapshot, page of a database, answer of the API or file of the engine and of Asterisk', async () => {
    // Right, after the question.
    const right = await toPin(li?.account ?? '');
    await right.media.sendDigits(li?.pin ?? '');
    await rig.engine.prompt('balance.next', 30_000);
    await over(right);
    // Wrong, and an agent hears of it.
    const wrong = await toPin(zhao?.account ?? '');
    await wrong.media.sendDigits(WRONG);
    await rig.engine.prompt('identify.refused');
    await over(wrong);
    // While the back office fails in each of its ways: errors tell much.
    for (const answer of ['error', 'nonsense', 'html', 'drop', 'hang'] as const) {
      rig.bank.set({ answer });
      const call = await toPin(li?.account ?? '');
      await call.media.sendDigits(IN_FAULTS);
      await rig.engine.prompt('balance.unavailable', 20_000);
      await over(call);
    }
    rig.bank.set({ answer: 'normal' });
    // Interrupted by kill -9 after five of six digits, and typed anew; looked at while the call lives.
    const interrupted = await toPin(li?.account ?? '');
    await interrupted.media.sendDigits(INTERRUPTED.slice(0, 5));
    await new Promise((fulfil) => setTimeout(fulfil, 300)); // the switch tells the last digit when its tone ends
    await rig.engine.kill();
    const dead = new CanarySearch();
    dead.addFolder(rig.dir);
    await rig.engine.start();
    await rig.engine.prompt('identify.pin');
    await interrupted.media.sendDigits(INTERRUPTED);
    await rig.engine.prompt('identify.refused');

    const search = new CanarySearch();
    await addAnswers(search);
    await over(interrupted);
    search.add('the log of the engine', rig.engine.lines);
    search.add('MQTT', messages.join('\n'));
    search.addFolder(rig.dir);
    for (const name of ['core show channels verbose', 'database show', 'core show settings']) search.add(`CLI ${name}`, await rig.pbx.cli(name));
    const asterisk = new CanarySearch();
    asterisk.addFolder(rig.pbx.dir);

    // What is searched is there, and is searched: each place has what must stand in it.
    for (const place of ['the log of the engine', 'MQTT', 'GET /events after 0']) expect(search.placesOf('identify/pin'), place).toContain(place);
    expect(search.placesOf('identify').some((place) => place.includes('strowger.db'))).toBe(true);
    expect(dead.placesOf('identify').some((place) => place.includes('strowger.db'))).toBe(true);
    expect(asterisk.places.some((place) => place.endsWith('messages.log'))).toBe(true);

    for (const pin of [li?.pin ?? '', WRONG, IN_FAULTS, INTERRUPTED]) {
      expect(search.find(pin, li?.account), pin).toEqual([]);
      expect(dead.find(pin, li?.account), pin).toEqual([]);
      expect(asterisk.find(pin, li?.account), pin).toEqual([]);
    }
    expect(dead.find(INTERRUPTED.slice(0, 5), li?.account)).toEqual([]);
  }, 300_000);

  it('is told digit by digit by no file of Asterisk: as it is configured, it logs none', async () => {
    const call = await toPin(li?.account ?? '');
    await call.media.sendDigits(WRONG);
    await rig.engine.prompt('identify.refused');
    await over(call);
    const channels = (await rig.pbx.cli('logger show channels')).split('\n');
    expect(channels.filter((line) => /dtmf|debug/i.test(line) || (/\bFile\b/.test(line) && /verbose/i.test(line)))).toEqual([]);
    expect(channels.filter((line) => /\bFile\b/.test(line))).toHaveLength(2);
    const files = new CanarySearch();
    files.addFolder(rig.pbx.dirs.log);
    expect(files.placesOf('DTMF')).toEqual([]);
  }, 60_000);
});
