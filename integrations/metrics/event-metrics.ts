import { Counter, Histogram, type Registry } from 'prom-client';
import type { DomainEvent } from '../../engine/domain/events.ts';
import type { MetricsSources } from './metrics-sources.ts';

const SHORT = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const WAITS = [1, 5, 10, 20, 30, 60, 120, 180, 300, 600, 1200];
const OUTAGES = [0.1, 0.5, 1, 2, 3, 5, 10, 30, 60, 300];
const TALKS = [10, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600];

/** What is counted as it happens. Labels come from configuration and closed lists only, so their number is bounded. */
export function eventMetrics(registry: Registry, targetOf: MetricsSources['targetOf']): (event: DomainEvent) => void {
  const registers = [registry];
  const events = new Counter({ name: 'strowger_events_total', help: 'Domain events that were announced.', labelNames: ['type'], registers });
  const callsStarted = new Counter({ name: 'strowger_calls_started_total', help: 'Calls that a hotline answered.', labelNames: ['flow'], registers });
  const callsRejected = new Counter({ name: 'strowger_calls_rejected_total', help: 'Calls that no hotline could answer.', labelNames: ['reason'], registers });
  const callsResumed = new Counter({ name: 'strowger_calls_resumed_total', help: 'Calls taken up from a previous engine process.', registers });
  const outageSeconds = new Histogram({ name: 'strowger_call_outage_duration_seconds', help: 'How long a call that was taken up had nobody to look after it.', buckets: OUTAGES, registers });
  const callsEnded = new Counter({
    name: 'strowger_calls_ended_total',
    help: 'Calls that are over, by how they ended.',
    labelNames: ['result', 'reason'],
    registers,
  });
  const callSeconds = new Histogram({ name: 'strowger_call_duration_seconds', help: 'From answer to end.', buckets: TALKS, registers });
  const menuMisses = new Counter({ name: 'strowger_menu_misses_total', help: 'Menus that got no answer, or none that fits.', labelNames: ['why'], registers });
  const promptFailures = new Counter({ name: 'strowger_prompt_failures_total', help: 'Prompts that could not be played.', registers });
  const services = new Counter({
    name: 'strowger_service_requests_total',
    help: 'Requests to back-office services; code is empty when they went well.',
    labelNames: ['service', 'outcome', 'code'],
    registers,
  });
  const serviceSeconds = new Histogram({
    name: 'strowger_service_request_duration_seconds',
    help: 'Requests to back-office services, over all attempts.',
    labelNames: ['service'],
    buckets: SHORT,
    registers,
  });
  const refusals = new Counter({ name: 'strowger_identifications_refused_total', help: 'Wrong PINs, and attempts that a lock kept from the back office.', labelNames: ['by'], registers });
  const locks = new Counter({ name: 'strowger_identification_locks_total', help: 'Locks after wrong PINs, by what is locked.', labelNames: ['scope'], registers });
  const queued = new Counter({ name: 'strowger_contacts_queued_total', help: 'Contacts that entered a queue.', labelNames: ['queue'], registers });
  const waitSeconds = new Histogram({
    name: 'strowger_queue_wait_duration_seconds',
    help: 'How long contacts were in a queue, by how they left it.',
    labelNames: ['queue', 'how'],
    buckets: WAITS,
    registers,
  });
  const inTarget = new Counter({
    name: 'strowger_contacts_left_in_target_total',
    help: "Contacts that left a queue within the target of its service level, by how they left it.",
    labelNames: ['queue', 'how'],
    registers,
  });
  const shortAbandons = new Counter({ name: 'strowger_contacts_abandoned_short_total', help: 'Contacts that left so soon that it counts as no abandonment.', labelNames: ['queue'], registers });
  const callbacksOffered = new Counter({ name: 'strowger_callbacks_offered_total', help: 'Callers who were asked whether to be called back.', labelNames: ['queue'], registers });
  const callbacksRequested = new Counter({ name: 'strowger_callbacks_requested_total', help: 'Callbacks that were promised.', labelNames: ['queue', 'kind'], registers });
  const callbacksRefused = new Counter({ name: 'strowger_callbacks_refused_total', help: 'Requests for callbacks that were not taken.', labelNames: ['refusal'], registers });
  const callbackAttempts = new Counter({ name: 'strowger_callback_attempts_total', help: 'Dialled callbacks, by how the attempt ended.', labelNames: ['queue', 'outcome'], registers });
  const callbacksEnded = new Counter({ name: 'strowger_callbacks_ended_total', help: 'Callbacks that are over, by how they ended.', labelNames: ['queue', 'how'], registers });
  const utterances = new Counter({ name: 'strowger_speech_utterances_total', help: 'What callers said, by what was made of it.', labelNames: ['decision'], registers });
  const speechFailures = new Counter({ name: 'strowger_speech_failures_total', help: 'Questions that went on by keys because nobody could listen.', labelNames: ['code'], registers });
  const offers = new Counter({ name: 'strowger_offers_total', help: 'Offers to agents, by how they ended.', labelNames: ['outcome'], registers });
  const ringSeconds = new Histogram({ name: 'strowger_offer_ring_duration_seconds', help: "How long agents' phones rang.", buckets: [1, 2, 5, 10, 15, 20, 30], registers });
  const talkSeconds = new Histogram({ name: 'strowger_conversation_duration_seconds', help: 'Conversations of callers with agents.', buckets: TALKS, registers });
  const recordingsStarted = new Counter({ name: 'strowger_recordings_started_total', help: 'Recordings that began.', labelNames: ['by'], registers });
  const recordingsStored = new Counter({ name: 'strowger_recordings_stored_total', help: 'Recordings that were put away, encrypted.', registers });
  const recordingFailures = new Counter({ name: 'strowger_recording_failures_total', help: 'What could not be done with a recording.', labelNames: ['step'], registers });

  const left = (queueId: string, how: string, waitedMs: number): void => {
    waitSeconds.observe({ queue: queueId, how }, waitedMs / 1000);
    const target = targetOf(queueId);
    if (target === undefined) return;
    // Also by 0: a queue that has answered nobody in time has a service level of 0, not none.
    inTarget.inc({ queue: queueId, how }, waitedMs <= target.serviceLevelMs ? 1 : 0);
    if (how === 'abandoned' && waitedMs < target.shortAbandonMs) shortAbandons.inc({ queue: queueId });
  };

  return (event) => {
    events.inc({ type: event.type });
    switch (event.type) {
      case 'call.started':
        return callsStarted.inc({ flow: event.flow });
      case 'call.rejected':
        return callsRejected.inc({ reason: event.reason });
      case 'call.resumed':
        callsResumed.inc();
        return outageSeconds.observe(event.outageMs / 1000);
      case 'call.ended':
        callsEnded.inc({ result: event.termination.result, reason: event.termination.reason });
        return callSeconds.observe(event.durationMs / 1000);
      case 'menu.missed':
        return menuMisses.inc({ why: event.why });
      case 'prompt.failed':
        return promptFailures.inc();
      case 'service.called':
        services.inc({ service: event.service, outcome: event.outcome, code: event.code ?? '' });
        return serviceSeconds.observe({ service: event.service }, event.durationMs / 1000);
      case 'identification.refused':
        return refusals.inc({ by: event.by });
      case 'identification.locked':
        return locks.inc({ scope: event.scope });
      case 'contact.queued':
        // A customer who is called back does not wait as a caller does.
        return event.callbackId === undefined ? queued.inc({ queue: event.queueId }) : undefined;
      case 'contact.left':
        return event.callbackId === undefined ? left(event.queueId, event.how, event.waitedMs) : undefined;
      case 'offer.ended':
        offers.inc({ outcome: event.outcome });
        return ringSeconds.observe(event.rangMs / 1000);
      case 'callback.offered':
        return callbacksOffered.inc({ queue: event.queueId });
      case 'callback.requested':
        return callbacksRequested.inc({ queue: event.queueId, kind: event.kind });
      case 'callback.refused':
        // Not by queue: a program may name one that does not exist.
        return callbacksRefused.inc({ refusal: event.refusal });
      case 'callback.attempted':
        return callbackAttempts.inc({ queue: event.queueId, outcome: event.outcome });
      case 'callback.ended':
        return callbacksEnded.inc({ queue: event.queueId, how: event.how });
      case 'speech.heard':
        return utterances.inc({ decision: event.decision });
      case 'speech.failed':
        return speechFailures.inc({ code: event.code });
      case 'conversation.ended':
        return talkSeconds.observe(event.talkMs / 1000);
      case 'recording.started':
        return recordingsStarted.inc({ by: event.by.by });
      case 'recording.stored':
        return recordingsStored.inc();
      case 'recording.failed':
        return recordingFailures.inc({ step: event.step });
      default:
        return undefined;
    }
  };
}
