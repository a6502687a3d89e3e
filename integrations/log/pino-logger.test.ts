import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { pinoLogger, type PinoLoggerOptions } from './pino-logger.ts';

/** A logger and the lines it wrote, parsed. */
function recording(options: PinoLoggerOptions = {}): { logger: Logger; lines: Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const logger = pinoLogger({
    ...options,
    destination: {
      write(line) {
        written.push(line);
        lines.push(JSON.parse(line) as Record<string, unknown>);
      },
    },
  });
  return { logger, lines, text: () => written.join('') };
}

describe('pinoLogger', () => {
  it('writes one JSON line an event, with time, level and the call of its parent', () => {
    const { logger, lines, text } = recording();
    logger.child({ callId: 'call-1' }).child({ flow: 'bank' }).info({ state: 'main' }, 'The call is in\na state');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string, callId: 'call-1', flow: 'bank', state: 'main', msg: 'The call is in\na state' },
    ]);
    expect(text().trimEnd().split('\n')).toHaveLength(1);
  });

  it('leaves out what is below its level', () => {
    const { logger, lines } = recording({ level: 'warn' });
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(lines.map((l) => l['msg'])).toEqual(['c', 'd']);
  });

  it('masks personal data, also in fields of a child and deeper, unless told to show it', () => {
    const pii = { callerNumber: '13812345678', callerName: '王小明', digits: '62220212345' };
    const masked = recording();
    masked.logger.child({ pii }).info({ event: { type: 'call.started', pii } }, 'x');
    masked.logger.info({ pii: '13812345678' }, 'y');
    expect(masked.lines[0]).toMatchObject({
      pii: { callerNumber: '*******5678', callerName: '', digits: '' },
      event: { pii: { callerNumber: '*******5678', callerName: '', digits: '' } },
    });
    expect(masked.text()).not.toMatch(/1381234|王小明|622202/);

    const shown = recording({ showPersonalData: true });
    shown.logger.info({ pii }, 'x');
    expect(shown.lines[0]?.['pii']).toEqual(pii);
  });

  it('blots out secrets by name at any depth, and in texts that carry them', () => {
    const { logger, text, lines } = recording({ showPersonalData: true });
    logger.error(
      {
        password: 'S3CRET',
        config: { nodes: [{ api_key: 'S3CRET', ariPassword: 'S3CRET', apiKey: 'S3CRET' }], headers: { Authorization: 'Bearer S3CRET' } },
        url: 'http://asterisk:S3CRET@127.0.0.1:8088/ari/events?app=x&api_key=asterisk:S3CRET&subscribeAll=true',
        error: new Error('GET ws://u:S3CRET@host/?token=S3CRET failed', { cause: { token: 'S3CRET' } }),
        pin: 'S3CRET',
      },
      'no answer of mqtt://user:S3CRET@broker:1883 to SUBSCRIBE',
    );
    expect(text()).not.toContain('S3CRET');
    expect(lines[0]).toMatchObject({
      url: 'http://asterisk:[secret]@127.0.0.1:8088/ari/events?app=x&api_key=[secret]&subscribeAll=true',
      msg: 'no answer of mqtt://user:[secret]@broker:1883 to SUBSCRIBE',
    });
  });

  it('tells code, fields and causes of errors', () => {
    const { logger, lines } = recording();
    const cause = new Error('ENOSPC');
    logger.error({ error: new StrowgerError('store.failed', 'The disk is full', { cause, fields: { path: '/x' } }) }, 'x');
    expect(lines[0]?.['error']).toMatchObject({ code: 'store.failed', message: 'The disk is full', fields: { path: '/x' }, cause: { message: 'ENOSPC' } });
  });

  it('survives what cannot be told as JSON', () => {
    const { logger, lines } = recording();
    const cycle: Record<string, unknown> = { big: 10n, when: new Date(0), no: undefined };
    cycle['self'] = cycle;
    logger.info(cycle, 'x');
    expect(lines[0]).toMatchObject({ big: '10', when: '1970-01-01T00:00:00.000Z' });
  });
});
