import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import { bundleFlow, evaluateBundle } from './flow-bundle.ts';
import { FlowFolder, readFlowFolder, type BundleStore } from './flow-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
let dir: string;
// Inside the project, as flows are: their imports of the kit are relative.
beforeEach(() => (dir = mkdtempSync(join(ROOT, 'app/flows/.test-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const FLOW = `
import { defineIvr } from '../../../engine/flow/kit.ts';
import { greeting } from './greeting.prompts.ts';
const prompts = { greeting, sorry: { 'zh-CN': '抱歉。', en: 'Sorry.' } } as const;
const { flow, say, end } = defineIvr({ prompts, vars: () => ({}) });
// a comment
export default flow({
  id: 'hello', title: 'Hello', numbers: ['100'], initial: 'hi',
  fault: { prompt: 'sorry', to: 'bye' },
  states: { hi: say({ prompt: 'greeting', to: 'bye' }), bye: end({ prompt: 'greeting' }) },
});
`;
const GREETING = `export const greeting = { 'zh-CN': '您好。', en: 'Hello.' } as const;`;

function write(flow = FLOW, greeting = GREETING): string {
  writeFileSync(join(dir, 'greeting.prompts.ts'), greeting);
  const file = join(dir, 'hello.ts');
  writeFileSync(file, flow);
  return file;
}

class MemoryBundles implements BundleStore {
  readonly kept = new Map<string, string>();
  async put(id: string, version: string, code: string): Promise<void> {
    this.kept.set(`${id}@${version}`, code);
  }
  async get(id: string, version: string): Promise<string | undefined> {
    return this.kept.get(`${id}@${version}`);
  }
}

describe('bundleFlow', () => {
  it('has the same version for another comment, another one for a changed helper file', async () => {
    const { version } = await bundleFlow(write());
    expect((await bundleFlow(write(FLOW.replace('a comment', 'another one')))).version).toBe(version);
    expect((await bundleFlow(write(FLOW, GREETING.replace('Hello.', 'Good day.')))).version).not.toBe(version);
  });

  it('names file, line and reason of what does not compile', async () => {
    await expect(bundleFlow(write(FLOW.replace('const prompts =', 'const const =')))).rejects.toThrow(/hello\.ts:4:\d+: /);
  });

  it('refuses a flow that throws, and one that imports what flows may not', async () => {
    const throwing = await bundleFlow(write(`throw new Error('no such day');\n${FLOW}`));
    await expect(evaluateBundle('hello', throwing.code)).rejects.toMatchObject({ code: 'flow.broken', message: expect.stringContaining('no such day') as string });
    await expect(bundleFlow(write(`import fs from 'node:fs';\nfs.rmSync;\n${FLOW}`))).rejects.toMatchObject({ code: 'flow.broken' });
  });
});

describe('FlowFolder', () => {
  const hotlines = [{ number: '100', flow: 'hello' }];
  const prepare = async () => undefined;

  it('serves a number with the flow of the folder', async () => {
    write();
    const folder = await FlowFolder.open({ loaded: await readFlowFolder(dir), hotlines, store: new MemoryBundles(), prepare });
    expect(folder.forNumber('100')).toMatchObject({ id: 'hello' });
    expect(folder.forNumber('101')).toBeUndefined();
  });

  it('names the flows there are when a hotline names another', async () => {
    write();
    const loaded = await readFlowFolder(dir);
    const opened = FlowFolder.open({ loaded, hotlines: [{ number: '100', flow: 'hallo' }], store: new MemoryBundles(), prepare });
    await expect(opened).rejects.toThrow("Hotline 100 names the flow 'hallo'; there are: hello.");
  });

  it('loads an old version from the store after the file has changed, and says when it is not kept', async () => {
    const store = new MemoryBundles();
    write();
    const before = await FlowFolder.open({ loaded: await readFlowFolder(dir), hotlines, store, prepare });
    const version = before.forNumber('100')?.version ?? '';
    write(FLOW, GREETING.replace('Hello.', 'Good day.'));
    let prepared = '';
    const after = await FlowFolder.open({
      loaded: await readFlowFolder(dir),
      hotlines,
      store,
      prepare: async (prompts) => void (prepared = prompts['greeting']?.en ?? ''),
    });
    expect(after.forNumber('100')?.version).not.toBe(version);
    expect((await after.load('hello', version)).id).toBe('hello');
    expect(prepared).toBe('Hello.');
    await expect(after.load('hello', 'gone')).rejects.toMatchObject({ code: 'flow.version-unknown' });
  });

  it('learns the intents of each version that calls run on, and none where nobody listens', async () => {
    const speaking = (more: string) =>
      FLOW.replace('defineIvr({ prompts,', `defineIvr({ prompts, intents: { news: { en: ['the news', '${more}'] }, weather: { en: ['the weather', 'rain'] } },`);
    const store = new MemoryBundles();
    write(speaking('what happened'));
    const loaded = await readFlowFolder(dir);
    const before = await FlowFolder.open({ loaded, hotlines, store, prepare, learn: learnHotline });
    const { version = '' } = before.forNumber('100') ?? {};
    expect(before.languageOf('hello', version)?.understand('what has happened').guesses[0]?.intent).toBe('news');
    expect(before.languageOf('hello', 'gone')).toBeUndefined();
    expect((await FlowFolder.open({ loaded, hotlines, store, prepare })).languageOf('hello', version)).toBeUndefined();

    write(speaking('tell me everything'));
    const after = await FlowFolder.open({ loaded: await readFlowFolder(dir), hotlines, store, prepare, learn: learnHotline });
    await after.load('hello', version);
    expect(after.languageOf('hello', version)?.examplesOf('news')).toContain('what happened');
    expect(after.languageOf('hello', after.forNumber('100')?.version ?? '')?.examplesOf('news')).toContain('tell me everything');
  });
});
