import type { AttemptOutcome, CallbackActor, Period } from '../../engine/domain/callback.ts';
import type { RecordingActor } from '../../engine/domain/recording.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { maskNumber } from '../../engine/domain/digits.ts';
import { wishOfEvent } from '../../engine/domain/wish.ts';
import { clockTime, shortDuration } from './moments.ts';
import type { Terminal } from './terminal.ts';
import { wishText } from './wish-text.ts';

type Color = 'cyan' | 'yellow' | 'green' | 'magenta' | 'dim' | 'red';

/** One line of a call's story: what happened, for a person. Undefined for what is told by another line. */
export function storyLine(event: DomainEvent): { readonly who: string; readonly text: string; readonly color: Color } | undefined {
  switch (event.type) {
    case 'call.started':
      return { who: 'call', text: `${maskNumber(event.pii.callerNumber)} calls ${event.dialled} → flow ${event.flow}@${event.flowVersion}`, color: 'cyan' };
    case 'call.resumed':
      return { who: 'call', text: `taken up at ${event.state} after ${seconds(event.outageMs)}`, color: 'yellow' };
    case 'call.state':
      return { who: 'flow', text: `→ ${event.state}`, color: 'dim' };
    case 'call.language':
      return { who: 'flow', text: `language ${event.language}`, color: 'dim' };
    case 'call.ended':
      return {
        who: 'call',
        text: `ended after ${seconds(event.durationMs)}: ${event.termination.result} (${event.termination.reason})`,
        color: event.termination.result === 'success' ? 'green' : 'yellow',
      };
    case 'call.refused':
      return { who: 'call', text: `${event.count === 1 ? 'one call' : `${event.count} calls`} to ${event.dialled} refused: ${event.reason}`, color: 'red' };
    case 'admission.level':
      return { who: 'load', text: `level ${event.level}${event.node === undefined ? '' : ` on ${event.node}`}${event.reasons.map(({ measure, value, limit }) => `; ${measure} ${Math.round(value * 100) / 100} of ${limit}`).join('')}`, color: event.level === 0 ? 'green' : 'red' };
    case 'call.rejected':
      return { who: 'call', text: `to ${event.dialled} rejected: ${event.reason}`, color: 'red' };
    case 'prompt.started':
      return { who: 'prompt', text: `♪ ${event.prompts.join(', ')} [${event.language}]`, color: 'dim' };
    case 'prompt.finished':
      return { who: 'prompt', text: `  ${event.interrupted ? 'interrupted' : 'played'} after ${seconds(event.playedMs)}`, color: 'dim' };
    case 'prompt.failed':
      return { who: 'prompt', text: `cannot be played: ${event.prompts.join(', ')}`, color: 'red' };
    case 'digit.pressed':
      return { who: 'caller', text: `presses ${event.digit}`, color: 'cyan' };
    case 'menu.chosen':
      return { who: 'menu', text: `${event.prompt}: ${event.choice}`, color: 'cyan' };
    case 'menu.missed':
      return { who: 'menu', text: `${event.prompt}: ${event.why === 'noInput' ? 'silence' : 'not understood'} (${event.attempt})`, color: 'yellow' };
    case 'speech.heard':
      return { who: 'caller', text: `says "${event.pii.text}"${heard(event)}`, color: 'cyan' };
    case 'speech.failed':
      return { who: 'menu', text: `cannot hear the caller (${event.code}); keys go on`, color: 'yellow' };
    case 'digits.collected':
      return { who: 'caller', text: `types ${event.count} digits (${event.prompt})`, color: 'cyan' };
    case 'service.called':
      return {
        who: 'service',
        text: `${event.service}: ${event.outcome}${event.code === undefined ? '' : ` (${event.code})`} in ${Math.round(event.durationMs)} ms`,
        color: event.outcome === 'ok' ? 'dim' : 'red',
      };
    case 'identification.refused':
      return { who: 'security', text: event.by === 'lock' ? 'is locked: the PIN is not checked' : 'account or PIN is wrong', color: 'red' };
    case 'identification.locked':
      return { who: 'security', text: `${event.scope} locked after ${event.failures} wrong attempts, until ${clockTime(event.until)}`, color: 'red' };
    case 'contact.queued':
      return { who: 'queue', text: `${event.queueId}: waits at position ${event.position}, priority ${event.priority}${wishText(wishOfEvent(event).wish, '; wants ')}`, color: 'yellow' };
    case 'contact.step':
      return { who: 'queue', text: `routing step ${event.step + 1} opens`, color: 'yellow' };
    case 'contact.changed':
      return { who: 'queue', text: `priority ${event.priority} from now on`, color: 'yellow' };
    case 'contact.promoted':
      return { who: 'queue', text: 'has waited so long that it goes before the others', color: 'yellow' };
    case 'contact.estimated':
      return {
        who: 'queue',
        text: `${event.ahead} ahead, expected to wait ${seconds(event.lowMs)} to ${seconds(event.highMs)}${event.told ? ', and told so' : ''}`,
        color: 'dim',
      };
    case 'contact.left':
      return { who: 'queue', text: `${event.queueId}: ${event.how}${event.reason === undefined ? '' : ` (${event.reason})`} after ${seconds(event.waitedMs)}`, color: 'yellow' };
    case 'offer.made':
      return { who: 'offer', text: `to agent ${event.agentId}`, color: 'magenta' };
    case 'offer.ended':
      return { who: 'offer', text: `agent ${event.agentId}: ${event.outcome} after ${seconds(event.rangMs)}`, color: 'magenta' };
    case 'conversation.started':
      return { who: 'bridge', text: `caller and agent ${event.agentId} are connected`, color: 'green' };
    case 'conversation.ended':
      return { who: 'bridge', text: `the ${event.endedBy} hangs up after ${seconds(event.talkMs)}`, color: 'green' };
    case 'agent.state':
      return { who: 'agent', text: `${event.agentId} ${event.state}${event.reason === undefined ? '' : ` (${event.reason})`}`, color: 'magenta' };
    case 'contact.coded':
      return { who: 'agent', text: `${event.agentId} enters '${event.code}'`, color: 'magenta' };
    case 'callback.offered':
      return { who: 'callback', text: `${event.queueId}: offered to the caller`, color: 'dim' };
    case 'callback.requested': {
      const when = event.kind === 'soon' ? 'as soon as its turn comes' : periodText(event.period);
      const number = maskNumber(event.pii.number);
      return event.by.by === 'customer'
        ? { who: 'caller', text: `asks to be called back at ${number} ${when}`, color: 'cyan' }
        : { who: 'callback', text: `${actorText(event.by)} asks to call ${number} back ${when}`, color: 'cyan' };
    }
    case 'callback.refused':
      return { who: 'callback', text: `to ${maskNumber(event.pii.number)} refused: ${event.refusal}`, color: 'red' };
    case 'callback.moved':
      return { who: 'callback', text: `${actorText(event.by)} moves it: ${periodText(event.period)}`, color: 'yellow' };
    case 'callback.due':
      return { who: 'callback', text: `${event.queueId}: its time has come, until ${clockTime(event.period.to)}`, color: 'yellow' };
    case 'callback.dialled':
      return {
        who: 'callback',
        text: `the customer is dialled${event.agentId === undefined ? '' : ` for agent ${event.agentId}`} (attempt ${event.attempt})`,
        color: 'magenta',
      };
    case 'callback.attempted':
      return {
        who: 'callback',
        text: `${OUTCOMES[event.outcome]}${event.messageLeft ? ', which took our message' : ''}${event.nextAt === undefined ? '' : `; again at ${clockTime(event.nextAt)}`}`,
        color: event.outcome === 'answered' ? 'green' : 'yellow',
      };
    case 'callback.ended':
      return {
        who: 'callback',
        text: `ended after ${shortDuration(event.tookMs)} and ${event.attempts} ${event.attempts === 1 ? 'attempt' : 'attempts'}: ${event.how}${event.by === undefined ? '' : ` by ${actorText(event.by)}`}`,
        color: event.how === 'reached' ? 'green' : 'yellow',
      };
    case 'api.changed':
      return { who: 'api', text: `${event.user} (${event.role}): ${event.operation} ${Object.values(event.target).join(' ')} ${event.outcome}${event.code === undefined ? '' : ` (${event.code})`}`, color: 'dim' };
    case 'api.signedIn':
      return { who: 'api', text: `${event.user || 'somebody'} signs in from ${event.from}: ${event.outcome}`, color: event.outcome === 'done' ? 'dim' : 'red' };
    case 'api.signedOut':
      return { who: 'api', text: `${event.user} signs out`, color: 'dim' };
    case 'recording.started':
      return { who: 'recorder', text: `records from now on, for the ${event.by.by}`, color: 'red' };
    case 'recording.paused':
      return { who: 'recorder', text: `silent: ${event.reason}`, color: 'yellow' };
    case 'recording.resumed':
      return { who: 'recorder', text: event.stillPaused ? `no longer for ${event.reason}, but still silent` : `records again after ${event.reason}`, color: 'red' };
    case 'recording.stopped':
      return { who: 'recorder', text: `ends after ${seconds(event.lastedMs)}: ${event.reason}`, color: 'yellow' };
    case 'recording.stored':
      return { who: 'recorder', text: `${event.recordingId}: ${seconds(event.durationMs)} put away, encrypted under ${event.keyId}`, color: 'green' };
    case 'recording.failed':
      return { who: 'recorder', text: `${event.recordingId}: ${event.step} failed: ${event.code}`, color: 'red' };
    case 'recording.fetched':
      return { who: 'recorder', text: `${event.recordingId} handed out to ${recordingActorText(event.by)}`, color: 'magenta' };
    case 'recording.deleted':
      return { who: 'recorder', text: `${event.recordingId} deleted by ${recordingActorText(event.by)}`, color: 'yellow' };
    case 'node.up':
      return { who: 'switch', text: `${event.node} connected, Asterisk ${event.version}`, color: 'dim' };
    case 'node.draining':
      return { who: 'switch', text: event.draining ? `${event.node} takes no new calls; ${event.calls} go on` : `${event.node} takes calls again`, color: event.draining ? 'yellow' : 'green' };
    case 'node.down':
      return { who: 'switch', text: `${event.node} lost: ${event.reason}`, color: 'red' };
    case 'queue.state':
    case 'acd.configured':
    case 'engine.started':
    case 'engine.stopped':
      return undefined;
  }
}

/** Prints domain events as a story with times since `startedAt` (milliseconds since the epoch). */
export function storyTeller(terminal: Terminal, startedAt: number): (event: DomainEvent) => void {
  return (event) => {
    const line = storyLine(event);
    if (!line) return;
    const { colors } = terminal;
    const at = ((event.at - startedAt) / 1000).toFixed(3).padStart(8);
    terminal.line(`${colors.dim(at)}  ${line.who.padEnd(8)} ${colors[line.color](line.text)}`);
  };
}

const OUTCOMES: Readonly<Record<AttemptOutcome, string>> = {
  answered: 'the customer answered',
  machine: 'a machine answered',
  hungUp: 'the customer hung up before the agent was on the line',
  busy: 'busy',
  noAnswer: 'nobody answered',
  refused: 'the customer refused the call',
  wrongNumber: 'there is no such number',
  networkFailure: 'the network did not get through',
  interrupted: 'cut off by a failure of the engine or the switch',
};

function periodText({ from, to }: Period): string {
  return `between ${clockTime(from)} and ${clockTime(to)}`;
}

function actorText(actor: CallbackActor): string {
  if (actor.by === 'customer') return 'the customer';
  return actor.name === undefined ? `the ${actor.by}` : `${actor.by} ${actor.name}`;
}

function recordingActorText({ by, name }: RecordingActor): string {
  return name === undefined ? `the ${by}` : `${by} ${name}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What is made of it: `→ balance? 0.52`. */
function heard({ decision, choice, confidence }: Extract<DomainEvent, { type: 'speech.heard' }>): string {
  if (decision === 'again') return ` → not understood (${confidence.toFixed(2)})`;
  return ` → ${choice ?? 'one of two'}${decision === 'accept' ? '' : '?'} (${confidence.toFixed(2)})`;
}
