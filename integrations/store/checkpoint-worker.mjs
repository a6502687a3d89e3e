// Runs in a thread of its own (see checkpointer.ts). Plain JavaScript, so that it needs no loader.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const db = new Database(workerData.path, { timeout: 0 });
db.pragma('synchronous = NORMAL');
let failing = false;
// PASSIVE waits for nobody and makes nobody wait (sqlite.org/c3ref/wal_checkpoint_v2.html).
const timer = setInterval(() => {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
    failing = false;
  } catch (error) {
    // A full disk. The log keeps what is written; the next time tries again.
    if (!failing) parentPort.postMessage({ failed: String(error) });
    failing = true;
  }
}, workerData.everyMs);
parentPort.on('message', () => {
  clearInterval(timer);
  db.close();
  parentPort.close();
});
parentPort.postMessage('ready');
