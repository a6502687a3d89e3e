import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { afterAll, describe, expect, it } from 'vitest';
import { nluTune } from './nlu-tune.ts';
import { nluExplain, nluTest, nluTrain } from './nlu.ts';
import type { Terminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'strowger-nlu-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
function file(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}

async function run(command: (terminal: Terminal) => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const terminal: Terminal = { isTty: false, colors: createColors(false), line: (text = '') => lines.push(text), note: () => undefined, progress: () => undefined };
  await command(terminal);
  return lines.join('\n');
}

const DATA = file(
  'bank.csv',
  `\uFEFFtext,intent
我要查余额,balance
查询余额,balance
"卡里还有多少钱,请问",balance
余额是多少,balance
帮我看看余额,balance
我的卡丢了,loss
我要挂失,loss
卡被偷了,loss
银行卡丢失,loss
挂失信用卡,loss
转人工,agent
人工服务,agent
找人工客服,agent
我要人工,agent
please connect me to an agent,agent
`,
);
const MODEL = path('model.json');

describe('nlu train', () => {
  it('learns, writes the model and says what it took', async () => {
    expect(await run((terminal) => nluTrain(terminal, { data: DATA, out: MODEL }))).toMatch(/^15 examples of 3 intents learnt in \d+\.\d s; .*model\.json, 0\.0 MB$/);
    const told = JSON.parse(await run((terminal) => nluTrain(terminal, { data: DATA, out: MODEL, json: true }))) as object;
    expect(told).toMatchObject({ examples: 15, intents: 3, modelBytes: readFileSync(MODEL).byteLength });
  });

  it('names intents that want more examples', async () => {
    const data = file('few.csv', 'category,text\nbalance,my balance\nbalance,what is my balance\nloss,card lost\n');
    expect(await run((terminal) => nluTrain(terminal, { data, out: path('few.json') }))).toContain('fewer than five examples: balance, loss');
  });

  it.each([
    ['no text', 'what,intent\na,b\n', 'has no column text; it has what, intent'],
    ['no intent', 'text,meaning\na,b\n', 'has no column intent, category, label; it has text, meaning'],
    ['an empty intent', 'text,intent\na,b\nc,\n', 'line 3: "c" has no intent'],
    ['one intent', 'text,intent\na,b\nc,b\n', 'all of one intent'],
    ['no rows', 'text,intent\n', 'has no rows'],
    ['a ragged row', 'text,intent\na,b\nc,d,e\n', 'line 3'],
  ])('refuses a table with %s', async (_what, text, message) => {
    const data = file('bad.csv', text);
    await expect(run((terminal) => nluTrain(terminal, { data, out: path('bad.json') }))).rejects.toMatchObject({ code: 'nlu.data', message: expect.stringContaining(message) as string });
  });
});

describe('nlu test', () => {
  it('tells figures, weak intents and what is confused', async () => {
    const data = file('test.csv', 'text,intent\n看余额,balance\n卡丢了要挂失,loss\n卡丢了要挂失,balance\n');
    const oos = file('oos.csv', 'text\n今天天气怎么样\n讲个笑话\n');
    const text = await run((terminal) => nluTest(terminal, { model: MODEL, data, oos }));
    for (const part of ['3 examples: accuracy 66.7 %', 'out of scope: AUROC', 'µs a decision', '1 ×  balance taken for loss, e.g. "卡丢了要挂失"']) expect(text).toContain(part);
    expect(JSON.parse(await run((terminal) => nluTest(terminal, { model: MODEL, data, oos, json: true })))).toMatchObject({ examples: 3, accuracy: 2 / 3, confusions: [{ meant: 'balance', understood: 'loss', times: 1 }] });
  });

  it.each([
    ['is none', 'hello'],
    ['is another’s', '{"format":"other"}'],
    ['learnt with words that mean alike otherwise', () => JSON.stringify({ ...(JSON.parse(readFileSync(MODEL, 'utf8')) as object), thesaurus: 'another' })],
    ['does not fit together', () => JSON.stringify({ ...(JSON.parse(readFileSync(MODEL, 'utf8')) as object), intents: ['balance', 'loss'] })],
  ])('refuses a model that %s', async (_what, text) => {
    const model = file('bad.json', typeof text === 'string' ? text : text());
    await expect(run((terminal) => nluTest(terminal, { model, data: DATA }))).rejects.toMatchObject({ code: 'nlu.model' });
  });
});

describe('of English', () => {
  const data = file('english.csv', 'text,intent\nI lost my card,loss\nmy card is missing,loss\nwhere is my card gone,loss\nwhat is my balance,balance\nhow much do I have,balance\nshow me the balance,balance\n');
  const unseen = file('unseen.csv', 'text,intent\nsomebody took my wallet,loss\nhow rich am I,balance\n');

  it('the model learns what sentences mean, and is read with what it learnt with', async () => {
    const model = path('english.json');
    expect(JSON.parse(await run((terminal) => nluTrain(terminal, { data, out: model, json: true })))).toMatchObject({ embedding: expect.stringMatching(/^use-lite-en-7bit\+bank-topics-en-[0-9a-f]{8}$/) as string });
    expect(JSON.parse(await run((terminal) => nluTest(terminal, { model, data: unseen, json: true })))).toMatchObject({ examples: 2, accuracy: 1 });
    const why = await run((terminal) => nluExplain(terminal, 'somebody took my wallet', { model }));
    expect(why).toMatch(/meaning +as a whole/);
    expect(why).toMatch(/topic +card\.lost/);
    const other = file('other.json', readFileSync(model, 'utf8').replace('use-lite-en-7bit', 'another'));
    await expect(run((terminal) => nluTest(terminal, { model: other, data: unseen }))).rejects.toMatchObject({ code: 'nlu.embedding' });
    const torn = JSON.parse(readFileSync(model, 'utf8')) as { meaning: { centres: string } };
    const damaged = file('torn.json', JSON.stringify({ ...torn, meaning: { ...torn.meaning, centres: '' } }));
    await expect(run((terminal) => nluTest(terminal, { model: damaged, data: unseen }))).rejects.toMatchObject({ code: 'nlu.model' });
  });

  it('learns without the encoder when told so', async () => {
    const model = path('words.json');
    expect(JSON.parse(await run((terminal) => nluTrain(terminal, { data, out: model, json: true, embedding: false })))).toMatchObject({ embedding: expect.stringMatching(/^bank-topics-en-[0-9a-f]{8}$/) as string });
    expect(JSON.parse(await run((terminal) => nluTest(terminal, { model, data: unseen, json: true })))).toMatchObject({ examples: 2, accuracy: 1 });
  });
});

describe('nlu explain', () => {
  it('tells guesses and why', async () => {
    const text = await run((terminal) => nluExplain(terminal, '我要挂失', { model: MODEL }));
    expect(text).toMatch(/one of the intents at all: \d+\.\d %\n +\d+\.\d % {2}loss/);
    expect(text).toContain('why loss:');
    expect(text).toMatch(/\+0\.\d+ {2}topic +card\.lost/);
    expect(text).toMatch(/\+0\.\d+ {2}concept +挂失/);
    expect(await run((terminal) => nluExplain(terminal, '我要挂失', { model: MODEL, intent: 'agent' }))).toContain('why agent:');
    expect(await run((terminal) => nluExplain(terminal, '…', { model: MODEL }))).toContain('nothing to go by');
    expect(await run((terminal) => nluExplain(terminal, '不是挂失，是查余额', { model: MODEL }))).toContain('what is left: 是查余额');
  });

  it('knows its intents', async () => {
    await expect(run((terminal) => nluExplain(terminal, '挂失', { model: MODEL, intent: 'loans' }))).rejects.toMatchObject({ code: 'nlu.intent-unknown', message: expect.stringContaining('agent, balance, loss') as string });
  });
});

describe('of a flow', () => {
  it('needs no model file', async () => {
    const data = file('flow.csv', 'text,intent\n我卡找不着了,card.lost\n我要挂失,card.lost\n');
    expect(await run((terminal) => nluTest(terminal, { flow: 'bank', data }))).toContain('1 of them are among the examples that were learnt');
    const text = await run((terminal) => nluExplain(terminal, '我要挂失', { flow: 'bank' }));
    expect(text).toContain('95.0 %  card.lost');
    expect(text).toMatch(/why card\.lost:\n +\+0\.950 {2}always +挂失/);
    expect(text).not.toContain('what is left');
    expect(await run((terminal) => nluExplain(terminal, '我要挂失尾号八八六六的卡', { flow: 'bank' }))).toContain('numbers count for nothing; what is left: 我要挂失的卡');
  });

  it.each([{}, { flow: 'bank', model: MODEL }])('or a model: one of them', async (options) => {
    await expect(run((terminal) => nluExplain(terminal, '挂失', options))).rejects.toMatchObject({ code: 'cli.usage' });
  });

  it('is one that there is', async () => {
    await expect(run((terminal) => nluExplain(terminal, '挂失', { flow: 'bakery' }))).rejects.toMatchObject({ code: 'flow.unknown' });
  });
});

describe('nlu tune', () => {
  const callers = file('callers.csv', 'text,intent\n我卡找不着了,card.lost\n我想看看余额,account.balance\n麻烦转人工,agent\n房贷利率现在多少,loan\n我要投诉,complaint\n今天天气怎么样,oos\n');

  it('finds the bands of a menu that cost callers least', async () => {
    const text = await run((terminal) => nluTune(terminal, { flow: 'bank', data: callers }));
    for (const part of ["6 utterances for the menu 'main' of the flow 'bank', 1 of them", '1 of 6 texts were learnt from: each is judged by what is learnt without it, in one part', 'taken at once, rightly', 'at most 1.0 %', 'pays most', 'defaults: { speech: { bands: { accept: ']) expect(text).toContain(part);
    const told = JSON.parse(await run((terminal) => nluTune(terminal, { flow: 'bank', data: callers, json: true, wrong: '20' }))) as { best: { figures: { costEach: number } }; present: { bands: object; figures: { costEach: number } }; costs: object };
    expect(told).toMatchObject({ utterances: 6, strangers: 1, costs: { wrong: 20, confirm: 1 }, present: { bands: { accept: 0.7, confirm: 0.3, rival: 0.5 } } });
    expect(told.best.figures.costEach).toBeLessThanOrEqual(told.present.figures.costEach);
  }, 60_000);

  it('takes the callers of one menu who want what it does not have for strangers', async () => {
    expect(JSON.parse(await run((terminal) => nluTune(terminal, { flow: 'bank', menu: 'closed', data: callers, json: true })))).toMatchObject({ strangers: 4 });
  });

  it('learns and tunes in turn on one set, or by a model on what it has not seen', async () => {
    expect(await run((terminal) => nluTune(terminal, { data: DATA, oos: file('strangers.csv', 'text\n讲个笑话\n') }))).toMatch(/15 of 16 texts were learnt from: each is judged .*, in \d parts/);
    await expect(run((terminal) => nluTune(terminal, { data: DATA, model: MODEL }))).rejects.toMatchObject({ code: 'nlu.data' });
    const unseen = file('unseen.csv', 'text,intent\n我要挂失！,loss\n卡里的余额,balance\n');
    expect(await run((terminal) => nluTune(terminal, { data: unseen, model: MODEL }))).toContain('1 of 2 texts were learnt from; these are left out');
  });

  it.each([
    [{ flow: 'bank', model: MODEL }, 'cli.usage'],
    [{ menu: 'main' }, 'cli.usage'],
    [{ flow: 'bank', menu: 'welcome' }, 'cli.usage'],
    [{ flow: 'branch-hours' }, 'cli.usage'],
    [{ flow: 'bank', wrong: 'much' }, 'cli.usage'],
    [{ model: MODEL }, 'nlu.intent-unknown'],
  ])('refuses %j', async (options, code) => {
    await expect(run((terminal) => nluTune(terminal, { data: callers, ...options }))).rejects.toMatchObject({ code });
  });
});
