import type { NodeId, RecordingId } from '../../engine/domain/ids.ts';
import type { RecordingEnded, RecordingOnSwitch, RecordingRequest, RecordingSwitch } from '../../engine/ports/recording-switch.ts';
import type { AriSwitchboard } from './ari-switchboard.ts';

/** The recordings of all nodes of a switchboard. */
export class AriRecorder implements RecordingSwitch {
  readonly #board: AriSwitchboard;

  constructor(board: AriSwitchboard) {
    this.#board = board;
  }

  async start(nodeId: NodeId, request: RecordingRequest): Promise<void> {
    await this.#board.node(nodeId).recordings.start(request);
  }

  async setMuted(nodeId: NodeId, id: RecordingId, muted: boolean): Promise<void> {
    await this.#board.node(nodeId).recordings.setMuted(id, muted);
  }

  async stop(nodeId: NodeId, id: RecordingId): Promise<void> {
    await this.#board.node(nodeId).recordings.stop(id);
  }

  async list(nodeId: NodeId): Promise<readonly RecordingOnSwitch[]> {
    return this.#board.node(nodeId).recordings.list();
  }

  async read(nodeId: NodeId, id: RecordingId): Promise<AsyncIterable<Uint8Array>> {
    return this.#board.node(nodeId).recordings.read(id);
  }

  async remove(nodeId: NodeId, id: RecordingId): Promise<void> {
    await this.#board.node(nodeId).recordings.remove(id);
  }

  onEnded(listener: (event: RecordingEnded) => void): () => void {
    const stops = this.#board.nodeIds.map((nodeId) => this.#board.node(nodeId).recordings.onEnded(listener));
    return () => {
      for (const stop of stops) stop();
    };
  }
}
