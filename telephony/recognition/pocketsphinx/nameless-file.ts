import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A text that a child process reads as `/dev/fd/<n>`, open but without a name, so that nothing stays on the disk whenever and however we
 * end. No pipe: pocketsphinx reads its dictionary twice, and Node's pipes are sockets, which cannot be opened by a name (Linux).
 */
export class NamelessFile {
  readonly fd: number;
  #isClosed = false;

  constructor(text: string) {
    const path = join(tmpdir(), `strowger-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    try {
      unlinkSync(path);
      writeFileSync(this.fd, text);
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
  }

  /** May be called again: by then the number may be another file's. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.fd);
  }
}
