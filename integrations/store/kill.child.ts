// A process that writes as fast as it can and tells its parent what is durable, until it is killed. See kill.test.ts.
import { callId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { openStore } from './sqlite-store.ts';

const [path = '', round = '', mode = ''] = process.argv.slice(2);
const store = await openStore({ path, logger: silentLogger, gatherMs: 1 });
process.send?.({ ready: process.pid });

process.on('disconnect', () => process.exit());

let made = 0;
store.events.onAppended((batch) => {
  const last = batch.at(-1)?.event.id;
  process.send?.({ acknowledged: Number(last?.split('-')[2]) });
});

function write(): void {
  for (let i = 0; i < 5; i++) {
    made += 1;
    const value = made;
    store.events.append({ v: 1, id: `event-${round}-${made}`, at: Date.now(), callId: callId('call-1'), type: 'call.state', state: `${made}` });
    store.journal.changed('session', `call-${made % 7}`, () => ({ round, value }));
  }
  setImmediate(write);
}

/** One callback after another, each told as soon as it is promised. */
async function promise(): Promise<void> {
  for (let value = 1; ; value++) {
    store.journal.changed('callback', `callback-${round}-${value}`, () => ({ round, value }));
    await store.journal.durable();
    process.send?.({ durable: value });
  }
}
if (mode === '') write();
else if (mode === 'promise') await promise();
else setInterval(() => undefined, 1000);
