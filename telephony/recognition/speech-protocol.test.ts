import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FunasrProtocol } from './funasr-protocol.ts';
import { SherpaProtocol } from './sherpa-protocol.ts';
import { NotTheProtocol, type SpeechProtocol } from './speech-protocol.ts';
import { VoskProtocol } from './vosk-protocol.ts';

const PROTOCOLS: readonly (readonly [string, () => SpeechProtocol])[] = [
  ['FunASR', () => new FunasrProtocol({ hotwords: [], hotwordWeight: 20, itn: true })],
  ['sherpa-onnx', () => new SherpaProtocol(16_000)],
  ['Vosk', () => new VoskProtocol({ sampleRateHz: 8_000, phrases: [], alternatives: 1 })],
];

const strange = fc.oneof(fc.constantFrom('', '我', '2pass-online', '2pass-offline'), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.anything()), fc.object());
const FIELDS = ['text', 'mode', 'is_final', 'is_end', 'is_eof', 'error', 'spk_name', 'segment', 'partial', 'alternatives', 'result', 'conf'];
const message = fc.oneof(
  fc.string(),
  fc.constant('Done!'),
  fc.json(),
  fc.dictionary(fc.constantFrom(...FIELDS), strange, { maxKeys: 5 }).map((value) => JSON.stringify(value)),
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
      { numRuns: 300 },
    );
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
