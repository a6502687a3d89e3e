import { Counter, Histogram, type Registry } from 'prom-client';
import type { DomainEvent } from '../../engine/domain/events.ts';

const SHORT = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const WAITS = [1, 5, 10, 20, 30, 60, 120, 180, 300, 600, 1200];
const TALKS = [10, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600];

/** What is counted as it happens. Labels come from configuration and closed lists only, so their number is bounded. */
export function eventMetrics(registry: Registry): (event: DomainEvent) => void {
  const registers = [registry];
  const callsStarted = new Counter({ name: 'strowger_calls_started_total', help: 'Calls that a hotline answered.', labelNames: ['flow'], registers });
  const callsRejected = new Counter({ name: 'strowger_calls_rejected_total', help: 'Calls that no hotline could answer.', labelNames: ['reason'], registers });
  const callsResumed = new Counter({ name: 'strowger_calls_resumed_total', help: 'Calls taken up from a previous engine process.', registers });
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
  const queued = new Counter({ name: 'strowger_contacts_queued_total', help: 'Contacts that entered a queue.', labelNames: ['queue'], registers });
  const waitSeconds = new Histogram({
    name: 'strowger_queue_wait_duration_seconds',
    help: 'How long contacts were in a queue, by how they left it.',
    labelNames: ['queue', 'how'],
    buckets: WAITS,
    registers,
  });
  const offers = new Counter({ name: 'strowger_offers_total', help: 'Offers to agents, by how they ended.', labelNames: ['outcome'], registers });
  const ringSeconds = new Histogram({ name: 'strowger_offer_ring_duration_seconds', help: "How long agents' phones rang.", buckets: [1, 2, 5, 10, 15, 20, 30], registers });
  const talkSeconds = new Histogram({ name: 'strowger_conversation_duration_seconds', help: 'Conversations of callers with agents.', buckets: TALKS, registers });
  const recordingsStarted = new Counter({ name: 'strowger_recordings_started_total', help: 'Recordings that began.', labelNames: ['by'], registers });
  const recordingsStored = new Counter({ name: 'strowger_recordings_stored_total', help: 'Recordings that were put away, encrypted.', registers });
  const recordingFailures = new Counter({ name: 'strowger_recording_failures_total', help: 'What could not be done with a recording.', labelNames: ['step'], registers });

  return (event) => {
    switch (event.type) {
      case 'call.started':
        return callsStarted.inc({ flow: event.flow });
      case 'call.rejected':
        return callsRejected.inc({ reason: event.reason });
      case 'call.resumed':
        return callsResumed.inc();
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
      case 'contact.queued':
        // A customer who is called back does not wait as a caller does.
        return event.callbackId === undefined ? queued.inc({ queue: event.queueId }) : undefined;
      case 'contact.left':
        return event.callbackId === undefined ? waitSeconds.observe({ queue: event.queueId, how: event.how }, event.waitedMs / 1000) : undefined;
      case 'offer.ended':
        offers.inc({ outcome: event.outcome });
        return ringSeconds.observe(event.rangMs / 1000);
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
