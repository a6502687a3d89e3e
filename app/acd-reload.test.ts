import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AcdConfig } from '../engine/acd/acd-config.ts';
import { agentId, queueId } from '../engine/domain/ids.ts';
import { silentLogger } from '../engine/ports/logger.ts';
import { DistributorRig } from '../test/acd/distributor-rig.ts';
import { AcdReload } from './acd-reload.ts';
import { acdConfigOf } from './config/acd-config.ts';
import { loadConfig } from './config/load-config.ts';

const TEXT = `# Our centre
nodes: [{ id: pbx-1, url: "http://127.0.0.1:8088", user: strowger, password: x }]
hotlines: [{ number: "95500", flow: bank }]
calendars: { bank: { weekly: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } } }
queues:
  - { id: a, name: A } # main
agents:
  - { id: "1", name: L, endpoint: PJSIP/1, queues: [a], skills: { loans: 3 } } # the boss
`;

let folder: string;
let file: string;
let configured: AcdConfig[];
let warned: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-reload-'));
  file = join(folder, 'strowger.yaml');
  writeFileSync(file, TEXT, { mode: 0o640 });
  configured = [];
  warned = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (environment = {}, from = file): AcdReload =>
  new AcdReload({
    config: loadConfig(from, environment),
    file: from,
    environment,
    distributor: { configure: (config) => void configured.push(config) },
    log: { ...silentLogger, warn: (fields) => void warned.push(String(fields['reason'])) },
  });
const edit = (from: string, to: string): void => writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));

describe('reload', () => {
  it('gives the distributor what the file says now, and tells what is different', async () => {
    const acd = start();
    edit('skills: { loans: 3 } }', 'skills: { loans: 5 } }\n  - { id: "2", name: M, endpoint: PJSIP/2, queues: [a] }');
    edit('user: strowger', 'user: other');
    writeFileSync(file, `${readFileSync(file, 'utf8')}fairAfterSeconds: 60\nnotReadyReasons: [{ code: lunch, title: Lunch }]\nlog: { level: debug }\n`);
    expect(await acd.reload()).toEqual({
      agents: { added: ['2'], changed: ['1'], removed: [] },
      queues: { added: [], changed: [], removed: [] },
      settings: ['notReadyReasons', 'fairAfterSeconds'],
      needRestart: ['nodes', 'log'],
      warnings: [],
    });
    expect(configured).toMatchObject([{ fairAfterMs: 60_000, agents: [{ id: '1', skills: { loans: 5 } }, { id: '2' }] }]);
    // What needs a restart is told as long as it does.
    expect(await acd.reload()).toMatchObject({ agents: { added: [], changed: [] }, settings: [], needRestart: ['nodes', 'log'] });
    expect(acd.config).toMatchObject({ nodes: [{ user: 'strowger' }], notReadyReasons: [{ code: 'lunch' }] });
  });

  it('refuses a file with mistakes as a whole, names every one, and keeps what was there', async () => {
    const acd = start();
    edit('queues: [a], skills: { loans: 3 }', 'queues: [b], skills: { loans: 9 }');
    const refusal = await acd.reload().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'acd.refused' });
    expect(String(refusal)).toContain('agents[0].queues: found "b"; allowed: a');
    expect(String(refusal)).toContain('agents[0].skills.loans: found 9; allowed: 1 to 5');
    expect(configured).toEqual([]);
    expect(acd.config.agents[0]?.queues).toEqual(['a']);
    expect(warned).toHaveLength(1);
    writeFileSync(file, 'agents: [');
    await expect(acd.reload()).rejects.toMatchObject({ code: 'acd.refused' });
    rmSync(file);
    await expect(acd.reload()).rejects.toMatchObject({ code: 'acd.refused' });
    writeFileSync(file, TEXT);
    expect(await acd.reload()).toMatchObject({ needRestart: [] });
  });

  it('refuses a calendar that the engine does not have yet', async () => {
    const acd = start();
    edit('id: a, name: A', 'id: a, name: A, calendar: new');
    edit('calendars: { bank:', 'calendars: { new: { weekly: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } }, bank:');
    await expect(acd.reload()).rejects.toThrow('queues[0].calendar: found "new"; allowed: bank; a new calendar needs a restart first');
    edit('calendar: new', 'calendar: bank');
    expect(await acd.reload()).toMatchObject({ queues: { changed: ['a'] }, needRestart: ['calendars'] });
  });

  it('keeps to the environment', async () => {
    const acd = start({ STROWGER_QUEUES__0__RING_SECONDS: '7' });
    await acd.reload();
    expect(configured[0]?.queues[0]?.ringTimeoutMs).toBe(7000);
  });

  it('cannot read what was not read from a file', async () => {
    const acd = new AcdReload({ config: loadConfig(file, {}), environment: {}, distributor: { configure: () => expect.fail() }, log: silentLogger });
    await expect(acd.reload()).rejects.toMatchObject({ code: 'acd.no-file' });
    await expect(acd.put('agents', '1', {})).rejects.toMatchObject({ code: 'acd.no-file' });
  });
});

describe('a reload while contacts wait', () => {
  it('loses none: who waited for a skill is offered to the agent who has been given it', async () => {
    edit('# the boss', '# the boss\n  - { id: "2", name: M, endpoint: PJSIP/2, queues: [a], skills: { loans: 4 } }');
    const config = loadConfig(file, {});
    const { agents, queues } = acdConfigOf(config);
    const rig = new DistributorRig(agents, queues);
    const acd = new AcdReload({ config, file, environment: {}, distributor: rig.distributor, log: silentLogger });
    await rig.signIn('1', '2');
    rig.distributor.setNotReady(agentId('2'), 'lunch');
    const owner = await rig.enqueue('c', { queueId: queueId('a'), steps: [{ require: { skill: 'loans', atLeast: 4 }, forMs: 'untilServed' }] });
    expect(owner.told).toEqual([]);
    edit('skills: { loans: 3 }', 'skills: { loans: 4 }');
    await acd.reload();
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer 1']);
    expect(rig.log.events.findLast(({ type }) => type === 'acd.configured')).toMatchObject({ agents: [{ agentId: '1', skills: { loans: 4 } }, { agentId: '2' }] });
  });
});

describe('put and remove', () => {
  it('edit the file in place and read it again', async () => {
    const acd = start();
    expect(await acd.put('agents', '2', { name: 'M', endpoint: 'PJSIP/2', queues: ['a'] })).toMatchObject({ agents: { added: ['2'] } });
    expect(await acd.put('queues', 'a', { name: 'A', ringSeconds: 9 })).toMatchObject({ queues: { changed: ['a'] } });
    expect(await acd.remove('agents', '1')).toMatchObject({ agents: { removed: ['1'] } });
    expect(readFileSync(file, 'utf8')).toBe(
      TEXT.replace('name: A } # main', 'name: A, ringSeconds: 9 } # main').replace(/ {2}- \{ id: "1".*\n/, '  - { id: "2", name: M, endpoint: PJSIP/2, queues: [ a ] }\n'),
    );
    expect(configured.map(({ agents }) => agents.map(({ id }) => id))).toEqual([['1', '2'], ['1', '2'], ['2']]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['strowger.yaml']);
  });

  it('write nothing that is not valid', async () => {
    const acd = start();
    await expect(acd.put('agents', '1', { name: 'L', endpoint: 'PJSIP/1', queues: ['b'] })).rejects.toThrow('agents[0].queues: found "b"');
    await expect(acd.remove('queues', 'a')).rejects.toMatchObject({ code: 'acd.refused' });
    await expect(acd.remove('agents', '9')).rejects.toMatchObject({ code: 'acd.unknown' });
    expect(readFileSync(file, 'utf8')).toBe(TEXT);
    expect(configured).toEqual([]);
  });

  it('come one after the other, and read what people have written meanwhile', async () => {
    const acd = start();
    const put = (id: string): Promise<unknown> => acd.put('agents', id, { name: id, endpoint: `PJSIP/${id}`, queues: ['a'] });
    const puts = ['2', '3', '4', '5'].map(put);
    edit('name: L', 'name: Li');
    await Promise.all(puts);
    expect(loadConfig(file, {}).agents.map(({ name }) => name)).toEqual(['Li', '2', '3', '4', '5']);
    expect(acd.config.agents).toHaveLength(5);
  });

  it('follow a link, and say when the file cannot be written', async () => {
    const link = join(folder, 'link.yaml');
    symlinkSync(file, link);
    const acd = start({}, link);
    await acd.put('agents', '2', { name: 'M', endpoint: 'PJSIP/2', queues: ['a'] });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('PJSIP/2');
    if (process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    await expect(acd.remove('agents', '2')).rejects.toMatchObject({ code: 'acd.no-file' });
    chmodSync(folder, 0o700);
  });
});
