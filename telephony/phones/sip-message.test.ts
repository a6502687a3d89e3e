import { describe, expect, it } from 'vitest';

import { causeOf, nameAddress, parseSipMessage, sipUri, statusOf } from './sip-message.ts';

describe('SIP messages', () => {
  it('show status, headers, cause and body', () => {
    const message = parseSipMessage('SIP/2.0 486 Busy Here\r\nVia: a\r\nREASON: SIP;cause=486, Q.850; cause=17;text="x"\r\n\r\nbody\r\n\r\nmore');
    expect(statusOf(message)).toEqual({ status: 486, phrase: 'Busy Here' });
    expect(message.header('reason')).toContain('cause=17');
    expect(causeOf(message)).toBe(17);
    expect(message.body).toBe('body\r\n\r\nmore');
    expect(message.header('Contact')).toBeUndefined();
  });

  it('of requests have no status', () => {
    const message = parseSipMessage('BYE sip:x SIP/2.0\r\nVia: a');
    expect(statusOf(message)).toBeUndefined();
    expect(causeOf(message)).toBeUndefined();
    expect(message.body).toBe('');
  });
});

describe('addresses', () => {
  it('escape what a URI cannot hold', () => {
    expect(sipUri('95588', 'h:5060')).toBe('sip:95588@h:5060');
    expect(sipUri('7#+9', 'h')).toBe('sip:7%23+9@h');
    expect(sipUri('张 @', 'h')).toBe('sip:%E5%BC%A0%20%40@h');
    expect(sipUri('', 'h')).toBe('sip:h');
  });

  it('quote a display name and keep header lines whole', () => {
    expect(nameAddress('1', 'h', 'a "b" \\c')).toBe('"a \\"b\\" \\\\c" <sip:1@h>');
    expect(nameAddress('1', 'h', 'x\r\nVia: evil')).toBe('"xVia: evil" <sip:1@h>');
    expect(nameAddress('1\n2', 'h')).toBe('<sip:12@h>');
  });
});
