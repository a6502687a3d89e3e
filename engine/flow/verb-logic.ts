import type { ActorLogic, ActorRefLike, AnyActorRef, EventObject, NonReducibleUnknown, Snapshot, Subscription } from 'xstate';
import { Cancellation } from '../domain/cancellation.ts';
import type { Json } from '../domain/json.ts';
import type { FlowEvent, VerbHost, VerbInput, VerbName, VerbOutcome } from './verb.ts';

/**
 * Verbs are invoked actors. Their logic is the same object for every call and every flow; which session runs them is
 * found by the actor system, so that a machine need not be copied (`provide`) for each call.
 */
type System = AnyActorRef['system'];
const hosts = new WeakMap<System, VerbHost>();
const running = new WeakMap<ActorRefLike, Cancellation>();

/** Says who runs the verbs of an actor system. Before the root actor starts. */
export function attachVerbHost(system: System, host: VerbHost): void {
  hosts.set(system, host);
}

export type VerbSnapshot<N extends VerbName> = Snapshot<VerbOutcome<N>> & {
  /** Kept for a restart: the verb begins again with the same input. */
  readonly input: VerbInput<N> | undefined;
  readonly progress: Json | undefined;
};

type VerbEvent<N extends VerbName> =
  | { type: 'verb.done'; outcome: VerbOutcome<N> }
  | { type: 'verb.failed'; error: unknown }
  | { type: 'verb.progress'; progress: Json };

export type VerbLogic<N extends VerbName> = ActorLogic<VerbSnapshot<N>, VerbEvent<N>, VerbInput<N> & NonReducibleUnknown, System>;

/** The actor logic of a verb. Leaving its state stops the actor, which cancels what the verb does. */
export function verbLogic<N extends VerbName>(verb: N): VerbLogic<N> {
  return {
    config: { verb },
    transition: (snapshot, event: VerbEvent<N> | { type: 'xstate.stop' }, { self }) => {
      if (snapshot.status !== 'active') return snapshot;
      switch (event.type) {
        case 'verb.done':
          return { ...snapshot, status: 'done', output: event.outcome, error: undefined, input: undefined, progress: undefined };
        case 'verb.failed':
          return { ...snapshot, status: 'error', output: undefined, error: event.error, input: undefined };
        case 'verb.progress':
          return { ...snapshot, progress: event.progress };
        case 'xstate.stop':
          running.get(self)?.cancel();
          return { ...snapshot, status: 'stopped', output: undefined, error: undefined, input: undefined };
        default:
          // A global key that a flow forwards to its children is no business of a verb.
          return snapshot;
      }
    },
    getInitialSnapshot: (_scope, input) => ({ status: 'active', output: undefined, error: undefined, input, progress: undefined }),
    getPersistedSnapshot: (snapshot) => snapshot,
    restoreSnapshot: (snapshot) => snapshot as VerbSnapshot<N>,
    start: (snapshot, { self, system }) => {
      if (snapshot.status !== 'active') return;
      const host = hosts.get(system);
      if (!host) {
        self.send({ type: 'verb.failed', error: new Error(`No session runs the verb '${verb}': attachVerbHost was not called.`) });
        return;
      }
      const cancellation = new Cancellation();
      running.set(self, cancellation);
      const forget = whenSubflowFails(self, () => cancellation.cancel());
      cancellation.onCancel(forget);
      host
        .run({
          verb,
          input: snapshot.input as VerbInput<N>,
          id: actorPath(self),
          cancel: cancellation,
          resume: snapshot.progress,
          progress: (progress) => self.send({ type: 'verb.progress', progress }),
          tell: (event) => tellFlow(self, event),
        })
        .then(
          (outcome) => {
            forget();
            if (!cancellation.cancelled) self.send({ type: 'verb.done', outcome });
          },
          (error: unknown) => {
            forget();
            if (!cancellation.cancelled) self.send({ type: 'verb.failed', error });
          },
        );
    },
  };
}

/**
 * XState stops a machine that throws, but not what it invoked: a flow that handles the failure of its sub-flow would go on beside that one's verb.
 * The failure of the outermost flow is its session's business. Returns how to forget it.
 */
function whenSubflowFails(self: AnyActorRef, failed: () => void): () => void {
  const subscriptions: Subscription[] = [];
  for (let flow = self._parent; flow?._parent; flow = flow._parent) subscriptions.push(flow.subscribe({ error: failed }));
  return () => {
    for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
  };
}

/** Sends `event` to the nearest flow above that handles it: a sub-flow first, then the flow that invoked it. */
function tellFlow(self: AnyActorRef, event: FlowEvent): boolean {
  for (let flow = self._parent; flow; flow = flow._parent) {
    const snapshot = flow.getSnapshot() as { can?: (event: EventObject) => boolean };
    if (snapshot.can?.(event)) {
      flow.send(event);
      return true;
    }
  }
  return false;
}

/** Ids are unique among siblings only; the path makes them unique in the call. */
function actorPath(self: AnyActorRef): string {
  let path = self.id;
  for (let flow = self._parent; flow?._parent; flow = flow._parent) path = `${flow.id}/${path}`;
  return path;
}

/** All verbs, as the `actors` of a machine. Their names are what `meta.ivr.verb` and `invoke.src` say. */
export const verbActors = {
  say: verbLogic('say'),
  menu: verbLogic('menu'),
  collect: verbLogic('collect'),
  call: verbLogic('call'),
  route: verbLogic('route'),
  music: verbLogic('music'),
  wait: verbLogic('wait'),
  hours: verbLogic('hours'),
  recording: verbLogic('recording'),
  end: verbLogic('end'),
} as const satisfies { [N in VerbName]: VerbLogic<N> };

export type VerbActors = typeof verbActors;
