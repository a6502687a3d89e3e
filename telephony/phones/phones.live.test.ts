import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { join } from 'node:path';

import { PrivateAsterisk } from '../pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import type { PrivateRoot } from '../pbx/private-root.ts';
import { PromptMatcher, type PromptReference } from './audio-match.ts';
import { ScriptedAgentPhone, type ScriptedAgentPhoneOptions } from './scripted-agent-phone.ts';
import { ScriptedCaller, type ScriptedCallerOptions } from './scripted-caller.ts';
import { dominantFrequency } from './tone.ts';
import { readPrompt } from './wav.ts';

const PASSWORD = 'a]b["c;1 %25 \\d';
const PROMPTS = ['agent-pass', 'agent-user', 'auth-thankyou', 'vm-goodbye', 'tt-monkeys', 'digits/1', 'digits/2', 'digits/7', 'digits/9'];
// The context of the trunk takes further numbers; an exact number wins over the patterns included in it.
const DIALPLAN = `
[strowger-inbound]
exten => 7001,1,Answer()
 same => n,Echo()
exten => 7002,1,Answer()
 same => n,Playback(agent-pass&vm-goodbye)
 same => n,Hangup(16)
exten => 7003,1,Answer()
 same => n,Read(DIGITS,,4)
 same => n,SayDigits(\${DIGITS})
 same => n,Hangup(16)
exten => 7004,1,Hangup(17)
exten => 7005,1,Ringing()
 same => n,Wait(60)
exten => 7006,1,Answer()
 same => n,Wait(60)
exten => 7007,1,Progress()
 same => n,Playback(vm-goodbye,noanswer)
 same => n,Hangup(21)
exten => 7008,1,Dial(PJSIP/1001,20)
 same => n,Hangup(\${HANGUPCAUSE})
exten => 7#+9,1,Answer()
 same => n,SendDTMF(159*#)
 same => n,Wait(1)
 same => n,Hangup(16)
`;

/** A busy machine takes its time. */
const eventually = <T>(get: () => T) => expect.poll(get, { timeout: 10_000 });

let root: PrivateRoot;
let pbx: PrivateAsterisk;
let matcher: PromptMatcher;

beforeAll(async () => {
  root = await ensurePrivateRoot();
  pbx = await PrivateAsterisk.start({
    root,
    config: {
      agents: [{ id: '1001', password: PASSWORD }],
      extraModules: ['app_echo.so', 'app_read.so', 'app_senddtmf.so', 'app_sayunixtime.so', 'app_originate.so', 'res_clioriginate.so'],
      extraDialplan: DIALPLAN,
    },
  });
  const references: PromptReference[] = [];
  for (const key of PROMPTS) references.push({ key, pcm: await readPrompt(join(pbx.dirs.data, 'sounds/en', `${key}.wav`)) });
  matcher = new PromptMatcher(references);
}, 300_000);

afterAll(() => pbx.stop());

afterEach(async () => {
  await eventually(() => pbx.channelCount()).toBe(0);
  await eventually(() => pbx.bridgeCount()).toBe(0);
});

async function startCaller(options: Partial<ScriptedCallerOptions> = {}): Promise<ScriptedCaller> {
  const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip, ...options });
  onTestFinished(() => caller.stop());
  return caller;
}

async function startPhone(options: Partial<ScriptedAgentPhoneOptions> = {}): Promise<ScriptedAgentPhone> {
  const phone = await ScriptedAgentPhone.start({ command: root.command('sipp', []), server: pbx.sip, user: '1001', password: PASSWORD, ...options });
  onTestFinished(() => phone.stop());
  return phone;
}

describe('a scripted caller on a real Asterisk', () => {
  it('hears its own tone from Echo() and hangs up', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7001', callerNumber: '13800138000' });
    await call.answered;
    call.media.sendTone(440);
    await call.media.hearsTone(440);
    call.media.sendTone(620);
    await call.media.hearsTone(620);
    const end = await call.hangUp();
    expect(end).toMatchObject({ by: 'us', how: 'bye' });
    expect(dominantFrequency(call.media.recording(200).pcm)).toBe(620);
    expect(await call.answerDelayMs()).toBeGreaterThan(0);
  });

  it('speaks A-law', async () => {
    const caller = await startCaller({ laws: ['pcma'] });
    const call = await caller.dial({ number: '7001', callerNumber: '1', media: { source: { kind: 'tone', hz: 500 } } });
    await call.answered;
    await call.media.hearsTone(500);
    expect(await pbx.cli('core show channels verbose')).toContain('7001');
    await call.hangUp();
  });

  it('tells which prompts it heard, whole and cut off', async () => {
    const caller = await startCaller();
    const whole = await caller.dial({ number: '7002', callerNumber: '1' });
    const end = await whole.ended;
    expect(end).toMatchObject({ by: 'them', how: 'bye', cause: 16 });
    const heard = matcher.find(whole.media.recording());
    expect(heard.map(({ key, complete }) => [key, complete])).toEqual([
      ['agent-pass', true],
      ['vm-goodbye', true],
    ]);
    expect(Math.min(...heard.map(({ score }) => score))).toBeGreaterThan(0.97);

    const cut = await caller.dial({ number: '7002', callerNumber: '1' });
    await cut.answered;
    const start = await cut.media.firstAudio();
    await cut.media.until(() => cut.media.recording().pcm.length > 1500 * 8, { everyMs: 20 });
    await cut.hangUp();
    const [match, ...more] = matcher.find(cut.media.recording());
    expect(more).toEqual([]);
    expect(match).toMatchObject({ key: 'agent-pass', complete: false });
    expect(match?.heardMs).toBeGreaterThan(700);
    expect(match?.heardMs).toBeLessThan(2200);
    expect(start.arrivedAtMs).toBeLessThan((await cut.ended).atMs);
  });

  it('sends digits that the switch understands', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7003', callerNumber: '1', media: { source: { kind: 'none' } } });
    await call.answered;
    const sent = await call.media.sendDigits('1729');
    expect(sent.map(({ digit }) => digit).join('')).toBe('1729');
    await call.ended;
    expect(matcher.find(call.media.recording()).map(({ key }) => key)).toEqual(['digits/1', 'digits/7', 'digits/2', 'digits/9']);
  });

  it('receives digits and dials numbers with odd characters', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7#+9', callerNumber: '+86 138#00' });
    await call.ended;
    expect(call.media.receivedDigits.map(({ digit }) => digit).join('')).toBe('159*#');
  });

  it('notices at once that the far end hangs up', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7006', callerNumber: '1' });
    await call.answered;
    await pbx.cli('channel request hangup all');
    expect(await call.ended).toMatchObject({ by: 'them', how: 'bye' });
  });

  it('is told why a call was refused', async () => {
    const caller = await startCaller();
    const busy = await caller.dial({ number: '7004', callerNumber: '1' });
    expect(await busy.ended).toMatchObject({ by: 'them', how: 'rejected', status: 486, cause: 17 });
    await expect(busy.answered).rejects.toMatchObject({ code: 'phone.call-failed', fields: { status: 486 } });
    const unknown = await caller.dial({ number: '000', callerNumber: '1' });
    expect(await unknown.ended).toMatchObject({ how: 'rejected', status: 404 });
  });

  it('hears early media', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7007', callerNumber: '1' });
    expect(await call.ended).toMatchObject({ by: 'them', how: 'rejected' });
    expect(call.progress).toContain(183);
    expect(matcher.find(call.media.recording())).toMatchObject([{ key: 'vm-goodbye', complete: true }]);
  });

  it('cancels a call that rings', async () => {
    const caller = await startCaller();
    const call = await caller.dial({ number: '7005', callerNumber: '1' });
    await eventually(() => call.progress).toEqual([180]);
    expect(await call.hangUp()).toMatchObject({ by: 'us', how: 'cancelled', status: 487 });
    await expect(call.answered).rejects.toMatchObject({ code: 'phone.call-failed' });
  });

  it('carries a display name with odd characters and 300 long', async () => {
    const caller = await startCaller();
    for (const callerName of [`张伟 <sip:x@y>;tag="q" \\ é`, 'N'.repeat(300), '\r\nVia: evil\r\n', '']) {
      const call = await caller.dial({ number: '7006', callerNumber: '138 "0"', callerName, headers: ['X-One: 1', 'X-Two: 2'] });
      await call.answered;
      await call.hangUp();
    }
  });

  it('places ten calls at once', async () => {
    const caller = await startCaller();
    const tones = Array.from({ length: 10 }, (_, i) => 400 + i * 60);
    const calls = await Promise.all(tones.map((hz) => caller.dial({ number: '7001', callerNumber: '1', media: { source: { kind: 'tone', hz } } })));
    await Promise.all(calls.map((call, i) => call.media.hearsTone(tones[i] ?? 0)));
    await Promise.all(calls.map((call) => call.hangUp()));
  });

  it('fails a call when nobody is there, and stops', async () => {
    const caller = await startCaller({ server: { host: '127.0.0.1', port: pbx.sparePorts[0] ?? 9 } });
    const call = await caller.dial({ number: '7001', callerNumber: '1', noResponseMs: 300 });
    expect(await call.ended).toMatchObject({ by: 'us', how: 'failed' });
  });
});

describe('a scripted agent phone on a real Asterisk', () => {
  it('registers, is called, and takes the registration back', async () => {
    const phone = await startPhone({ source: { kind: 'tone', hz: 800 } });
    expect(await pbx.cli('pjsip show contacts')).toContain(`1001/sip:1001@127.0.0.1:${phone.stack.port}`);
    await pbx.cli('channel originate PJSIP/1001 application Echo');
    const call = await phone.nextCall();
    await call.answered;
    await call.media.hearsTone(800);
    expect(await call.hangUp()).toMatchObject({ by: 'us', how: 'bye' });
    await phone.stop();
    expect(await pbx.cli('pjsip show contacts')).not.toContain('1001/sip:');
  });

  it('is refused with a wrong password', async () => {
    await expect(startPhone({ password: 'wrong' })).rejects.toMatchObject({ code: 'phone.register-failed' });
  });

  it('speaks with a caller: each hears the tone of the other', async () => {
    const [caller, phone] = await Promise.all([startCaller(), startPhone({ source: { kind: 'tone', hz: 800 } })]);
    const call = await caller.dial({ number: '7008', callerNumber: '13911112222', callerName: '张伟', media: { source: { kind: 'tone', hz: 500 } } });
    const taken = await phone.nextCall();
    await Promise.all([call.answered, taken.answered]);
    await Promise.all([call.media.hearsTone(800), taken.media.hearsTone(500)]);
    expect(call.progress).toContain(180);
    expect(taken.from).toContain('13911112222');
    expect(taken.callerName).toBe('张伟');
    await call.media.sendDigits('42#', { durationMs: 120 });
    await eventually(() => taken.media.receivedDigits.map(({ digit }) => digit).join('')).toBe('42#');
    await taken.hangUp();
    expect(await call.ended).toMatchObject({ by: 'them', how: 'bye' });
  });

  it('is busy, declines, rejects, is cancelled, hangs up at once', async () => {
    const ends: string[] = [];
    const [caller, phone] = await Promise.all([startCaller(), startPhone({ onEnded: (_call, { by, how }) => ends.push(`${how} by ${by}`) })]);
    const dial = async () => caller.dial({ number: '7008', callerNumber: '1' });

    phone.behaviour = { do: 'busy' };
    expect(await (await dial()).ended).toMatchObject({ by: 'them', how: 'rejected', status: 486 });
    phone.behaviour = { do: 'decline' };
    expect(await (await dial()).ended).toMatchObject({ by: 'them', how: 'rejected' });
    phone.behaviour = { do: 'reject', status: 480, afterMs: 50 };
    expect(await (await dial()).ended).toMatchObject({ by: 'them', how: 'rejected' });
    phone.behaviour = { do: 'answer', afterMs: 0, hangUpAfterMs: 0 };
    expect(await (await dial()).ended).toMatchObject({ by: 'them', how: 'bye' });
    phone.behaviour = { do: 'ring' };
    const given = await dial();
    await eventually(() => given.progress).toEqual([180]);
    await given.hangUp();
    await eventually(() => phone.calls.every((call) => call.isOver)).toBe(true);
    await eventually(() => ends).toEqual(['rejected by us', 'rejected by us', 'rejected by us', 'bye by us', 'cancelled by them']);
    expect((await phone.nextCall()).invitedAtMs).toBeLessThan((await phone.nextCall()).invitedAtMs);
  });

  it('can be unplugged: the switch still believes in it', async () => {
    const [caller, phone] = await Promise.all([startCaller(), startPhone()]);
    await phone.unplug();
    expect(await pbx.cli('pjsip show contacts')).toContain('1001/sip:');
    const call = await caller.dial({ number: '7008', callerNumber: '1' });
    // Two legs: the caller's and the one to the phone, which nobody answers.
    await eventually(() => pbx.channelCount()).toBe(2);
    expect(await call.hangUp()).toMatchObject({ by: 'us', how: 'cancelled' });
    expect(call.progress).toEqual([]);
  });
});
