import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountedIds } from '../../test/fakes/counted-ids.ts';
import { AeapProtocol, SLIN } from './aeap-protocol.ts';
import { FunasrProtocol } from './funasr-protocol.ts';
import { SherpaProtocol } from './sherpa-protocol.ts';
import { NotTheProtocol, type SpeechProtocol } from './speech-protocol.ts';
import { VoskProtocol } from './vosk-protocol.ts';

const PROTOCOLS: readonly (readonly [string, () => SpeechProtocol])[] = [
  ['FunASR', () => new FunasrProtocol({ hotwords: [], hotwordWeight: 20, itn: true })],
  ['sherpa-onnx', () => new SherpaProtocol(16_000)],
  ['Vosk', () => new VoskProtocol({ sampleRateHz: 8_000, phrases: [], alternatives: 1 })],
  ['AEAP', () => aeap()],
  ['AEAP, agreed upon', agreedAeap],
];
const aeap = (params = {}, fullScore = 100): AeapProtocol => new AeapProtocol({ ids: new CountedIds(), codec: SLIN, params, fullScore, closingSilenceMs: 100, askAfterMs: 1_000 });
function agreedAeap(): AeapProtocol {
  const protocol = aeap();
  protocol.receive('{"response":"setup","id":"setup-1","codecs":[{"name":"slin"}]}', false);
  return protocol;
}

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 300);
const strange = fc.oneof(fc.constantFrom('', '我', '2pass-online', '2pass-offline'), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.anything()), fc.object());
const FIELDS = ['request', 'response', 'id', 'params', 'codecs', 'error_msg', 'text', 'mode', 'is_final', 'is_end', 'is_eof', 'error', 'spk_name', 'segment', 'partial', 'alternatives', 'result', 'conf'];
const message = fc.oneof(
  fc.string(),
  fc.constant('Done!'),
  fc.json(),
  fc.dictionary(fc.constantFrom(...FIELDS), strange, { maxKeys: 5 }).map((value) => JSON.stringify(value)),
  fc.record({ request: fc.constantFrom('set', 'SET', 'get'), id: strange, params: fc.oneof(strange, fc.record({ results: fc.oneof(strange, fc.array(fc.record({ text: fc.oneof(fc.string(), strange), score: strange, best: strange }, { requiredKeys: [] }))) })) }).map((value) => JSON.stringify(value)),
  fc.record({ response: fc.constantFrom('setup', 'get'), id: fc.constantFrom('setup-1', 'get-1'), codecs: fc.oneof(strange, fc.constant([{ name: 'slin' }])), params: strange }).map((value) => JSON.stringify(value)),
  fc.record({ result: fc.array(fc.record({ conf: strange })), text: fc.string() }).map((value) => JSON.stringify(value)),
);

describe.each(PROTOCOLS)('%s', (_name, make) => {
  it('takes what it is told or says that it is not its protocol, and has sense to tell at any time', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ message, isClosingSent: fc.boolean() }), { maxLength: 6 }), (messages) => {
        const protocol = make();
        for (const { message: said, isClosingSent } of messages) {
          protocol.encode(new Int16Array(10));
          try {
            protocol.receive(said, isClosingSent);
          } catch (error) {
            expect(error).toBeInstanceOf(NotTheProtocol);
          }
          expect(typeof protocol.text()).toBe('string');
          for (const { text, confidence = 1 } of protocol.transcripts()) {
            expect(typeof text).toBe('string');
            expect(confidence >= 0 && confidence <= 1).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('AEAP', () => {
  const set = (results: unknown, id = 'r-1'): string => JSON.stringify({ request: 'set', id, params: { results } });

  it('offers one codec, and knows its answer by the id', () => {
    const protocol = aeap({ language: 'zh-CN' });
    expect(JSON.parse(protocol.opening)).toEqual({ request: 'setup', id: 'setup-1', version: '0.1.0', codecs: [{ name: 'slin' }], params: { language: 'zh-CN' } });
    expect(() => protocol.receive('{"response":"setup","id":"setup-2","codecs":[{"name":"slin"}]}', false)).toThrow('something else');
    expect(protocol.isAgreed).toBe(false);
    expect(protocol.receive('{"response":"Setup","id":"setup-1","codecs":[{"name":"slin","attributes":[]},{"name":"ulaw"}],"params":{}}', false)).toBe('no');
    expect(protocol.isAgreed).toBe(true);
  });

  it.each([
    ['{"response":"setup","id":"setup-1","error_msg":"Codec slin not supported"}', 'refuses the setup: Codec slin not supported'],
    ['{"response":"setup","id":"setup-1","codecs":[{"name":"ulaw"},{"name":"slin"}]}', "does not take the codec 'slin'"],
    ['{"response":"setup","id":"setup-1","codecs":[]}', 'names no codec'],
    ['{"response":"setup","id":"setup-1","codecs":"slin"}', 'names no codec'],
    ['{"response":"get","id":"setup-1","codecs":[{"name":"slin"}]}', 'something else'],
    ['{"status":"ready"}', 'neither'],
  ])('goes on with no other answer: %s', (answer, complaint) => {
    const protocol = aeap();
    expect(() => protocol.receive(answer, false)).toThrow(complaint);
    expect(protocol.isAgreed).toBe(false);
  });

  it('answers what it is asked as Asterisk does, once', () => {
    const protocol = agreedAeap();
    for (const request of [
      set([]),
      '{"request":"set","id":"r-2"}',
      '{"request":"set","id":"r-3","params":{}}',
      '{"request":"set","id":"r-4","params":{"language":"en"}}',
      '{"request":"hello","id":"r-5"}',
      '{"request":"set","id":"r-6","error_msg":"no"}',
      '{"status":"busy"}',
      '{"response":"other","id":"unknown","error_msg":"no"}',
    ]) {
      expect(protocol.receive(request, false)).toBe('no');
    }
    expect(protocol.answers().map((answer) => JSON.parse(answer) as unknown)).toEqual([
      { response: 'set', id: 'r-1' },
      { response: 'set', id: 'r-2', error_msg: 'no parameter(s) requested' },
      { response: 'set', id: 'r-3', error_msg: 'no parameter(s) requested' },
      { response: 'set', id: 'r-4', error_msg: "can only set 'results'" },
      { response: 'hello', id: 'r-5', error_msg: 'Unsupported and/or un-handled message' },
    ]);
    expect(protocol.answers()).toEqual([]);
  });

  it('may be complete once something was understood, not before', () => {
    const protocol = agreedAeap();
    protocol.receive(set([]), false);
    expect(protocol.mayBeComplete).toBe(false);
    expect(protocol.isCompleteAtClose()).toBe(false);
    protocol.receive(set([{ text: '挂失', score: 90 }]), false);
    expect(protocol.mayBeComplete).toBe(true);
    expect(protocol.isCompleteAtClose()).toBe(true);
    expect(protocol.receive(set([{ text: '信用卡', score: 70 }]), true)).toBe('perhaps');
    expect(protocol.transcripts()).toEqual([{ text: '挂失信用卡', confidence: 0.8 }]);
  });

  it('reads other ways to understand by their `best`, and joins what has the same', () => {
    const protocol = agreedAeap();
    const results = [
      { text: '挂师', score: 40, best: 1 },
      { text: '挂失', score: 90, best: 0, grammar: 'wishes' },
      { text: '信用卡', score: 80, best: 0, grammar: 'wishes' },
      { text: 'no score', best: 2 },
    ];
    protocol.receive(set(results), true);
    expect(protocol.transcripts()).toEqual([{ text: '挂失信用卡', confidence: 0.85 }, { text: '挂师', confidence: 0.4 }, { text: 'no score' }]);
  });

  it.each([870, 0.87, 0, -1])('tells no confidence from a score on another scale, or from none: %d', (score) => {
    const protocol = agreedAeap();
    protocol.receive(set([{ text: '挂失', score }]), true);
    expect(protocol.transcripts()).toEqual([{ text: '挂失' }]);
  });

  it('reads scores from 0 to 1 where that is the scale', () => {
    const protocol = aeap({}, 1);
    protocol.receive('{"response":"setup","id":"setup-1","codecs":[{"name":"slin"}]}', false);
    protocol.receive(set([{ text: '挂失', score: 0.75 }]), true);
    expect(protocol.transcripts()).toEqual([{ text: '挂失', confidence: 0.75 }]);
  });

  it('is over with the answer to its question, whatever that is', () => {
    expect(agreedAeap().receive('{"response":"get","id":"get-1","error_msg":"unknown"}', true)).toBe('yes');
    const protocol = agreedAeap();
    expect(protocol.receive('{"response":"get","id":"get-1","params":{"results":[{"text":"余额","score":100}]}}', true)).toBe('yes');
    expect(protocol.transcripts()).toEqual([{ text: '余额', confidence: 1 }]);
  });

  it('takes what was set while it asked, and is told again in the answer, once', () => {
    const protocol = agreedAeap();
    expect(protocol.receive(set([{ text: '余额', score: 100 }]), true)).toBe('perhaps');
    expect(protocol.receive('{"response":"get","id":"get-1","params":{"results":[{"text":"余额","score":100}]}}', true)).toBe('yes');
    expect(protocol.transcripts()).toEqual([{ text: '余额', confidence: 1 }]);
  });
});

describe('FunASR', () => {
  const said = (protocol: SpeechProtocol, isClosingSent: boolean, ...messages: object[]): unknown[] =>
    messages.map((each) => protocol.receive(JSON.stringify({ wav_name: 'call', ...each }), isClosingSent));

  it('adds pieces of the first pass and puts sentences of the second in their place', () => {
    const protocol = PROTOCOLS[0]?.[1]() as SpeechProtocol;
    said(protocol, false, { mode: '2pass-online', text: '我要刮', is_final: false }, { mode: '2pass-online', text: '师', is_final: false });
    expect(protocol.text()).toBe('我要刮师');
    said(protocol, false, { mode: '2pass-offline', text: '我要挂失，', is_final: false });
    expect(protocol.text()).toBe('我要挂失');
    said(protocol, false, { mode: '2pass-online', text: '信用', is_final: false });
    expect(protocol.text()).toBe('我要挂失信用');
    expect(said(protocol, true, { mode: '2pass-online', text: '卡', is_final: false }, { mode: '2pass-offline', text: '信用卡。', is_final: true })).toEqual(['no', 'yes']);
    expect(protocol.transcripts()).toEqual([{ text: '我要挂失信用卡' }]);
  });

  it('keeps words of two sentences apart', () => {
    const protocol = PROTOCOLS[0]?.[1]() as SpeechProtocol;
    said(protocol, false, { mode: '2pass-offline', text: 'hello.', is_final: false }, { mode: '2pass-online', text: 'my card', is_final: false });
    expect(protocol.text()).toBe('hello my card');
  });

  it('keeps what the first pass understood when the second has nothing to add', () => {
    const protocol = PROTOCOLS[0]?.[1]() as SpeechProtocol;
    said(protocol, false, { mode: '2pass-online', text: '挂失', is_final: false });
    expect(said(protocol, true, { text: '', is_final: true })).toEqual(['yes']);
    expect(protocol.transcripts()).toEqual([{ text: '挂失' }]);
  });

  it('knows the Python server by what it says, and waits for its end', () => {
    const protocol = PROTOCOLS[0]?.[1]() as SpeechProtocol;
    const sentence = { mode: '2pass-offline', text: '你好，', spk_name: 'unknown', is_final: true };
    expect(said(protocol, true, sentence, { mode: '2pass', is_final: true, is_end: true })).toEqual(['perhaps', 'yes']);
  });
});
