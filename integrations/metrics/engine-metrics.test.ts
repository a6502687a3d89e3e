import { describe, expect, it } from 'vitest';
import type { DomainEvent, DomainEventBody } from '../../engine/domain/events.ts';
import { agentId, callbackId, callId, contactId, nodeId, offerId, queueId, recordingId } from '../../engine/domain/ids.ts';
import { termination } from '../../engine/domain/termination.ts';
import { engineMetrics, type EngineMetrics } from './engine-metrics.ts';
import { sources, store } from './sources.fixture.ts';

const event = (body: DomainEventBody): DomainEvent => ({ v: 1, id: 'e', at: 1, callId: callId('call-1'), ...body });
const contact = { contactId: contactId('contact-1') };
const callback = { callbackId: callbackId('cb-1'), queueId: queueId('cards') };

/** The lines of figures, without comments; label order is that of the text. */
async function lines(metrics: EngineMetrics): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('engineMetrics', () => {
  it('shows how things stand when it is asked', async () => {
    let degraded = false;
    const metrics = engineMetrics({ process: false, sources: { ...sources, store: () => ({ ...store, degraded }) } });
    const first = await lines(metrics);
    for (const line of [
      'strowger_calls_active{stand="flow"} 2',
      'strowger_calls_active{stand="queue"} 0',
      'strowger_calls_active{stand="talking"} 1',
      'strowger_agents{state="ready"} 2',
      'strowger_agents{state="wrapUp"} 0',
      'strowger_queue_waiting{queue="cards"} 2',
      'strowger_queue_oldest_wait_seconds{queue="cards"} 30',
      'strowger_queue_oldest_wait_seconds{queue="loans"} 0',
      'strowger_switch_up{node="pbx-1"} 1',
      'strowger_switch_connects_total{node="pbx-1"} 3',
      'strowger_switch_failed_connects_total{node="pbx-1"} 1',
      'strowger_switch_lost_connections_total{node="pbx-1"} 2',
      'strowger_switch_unknown_events_total{node="pbx-1"} 4',
      'strowger_switch_timed_out_requests_total{node="pbx-1"} 5',
      'strowger_store_degraded 0',
      'strowger_store_failed_flushes_total 6',
      'strowger_store_lost_events_total 7',
      'strowger_recordings_live 9',
      'strowger_recordings_waiting 10',
      'strowger_mqtt_connected 1',
      'strowger_mqtt_waiting_events 8',
      'strowger_mqtt_backlog_events 80',
      'strowger_queue_service_level_target_seconds{queue="loans"} 30',
      'strowger_callbacks_open{stage="scheduled"} 2',
      'strowger_callbacks_open{stage="talking"} 1',
      'strowger_callbacks_open{stage="inFlow"} 0',
      'strowger_callbacks_due 1',
      'strowger_switch_oldest_request_seconds{node="pbx-1"} 0.25',
      'strowger_switch_silence_seconds{node="pbx-1"} 0.5',
      'strowger_switch_event_lag_seconds_sum{node="pbx-1"} 0.9',
      'strowger_orphan_channels{node="pbx-1"} 1',
      'strowger_ghost_calls{node="pbx-1"} 2',
      'strowger_store_waiting_events 8',
      'strowger_store_waiting_records 9',
      'strowger_store_size_bytes 4096',
      'strowger_store_log_size_bytes 512',
      'strowger_recognizer_requests_total{recognizer="funasr"} 10',
      'strowger_recognizer_failures_total{recognizer="funasr"} 4',
      'strowger_recognizer_circuit_open{recognizer="funasr"} 1',
      'strowger_service_circuit_open{service="bankCore"} 0',
      'strowger_timers_pending 30',
      'strowger_timers_overdue 1',
      'strowger_timer_lateness_seconds_bucket{le="1"} 52',
      'strowger_timer_lateness_seconds_sum 1.5',
      'strowger_admission_level 2',
      'strowger_switch_admission_level{node="pbx-1"} 3',
      'strowger_calls_limit 500',
      'strowger_trunk_calls{trunk="carrier"} 12',
      'strowger_calls_refused_total{reason="trunkCalls"} 7',
      'strowger_calls_diverted_total 11',
      'strowger_build_info{version="1.2.3"} 1',
    ]) {
      expect(first).toContain(line);
    }
    degraded = true;
    const second = await lines(metrics);
    expect(second).toContain('strowger_store_degraded 1');
    // Counters are read, not added up at each scrape.
    expect(second).toContain('strowger_switch_connects_total{node="pbx-1"} 3');
  });

  it('takes over durations that were counted elsewhere, cumulated and in seconds', async () => {
    const all = await lines(engineMetrics({ process: false, sources }));
    expect(all.filter((line) => line.startsWith('strowger_switch_request_duration_seconds'))).toEqual([
      'strowger_switch_request_duration_seconds_bucket{node="pbx-1",le="0.001"} 10',
      'strowger_switch_request_duration_seconds_bucket{node="pbx-1",le="0.005"} 12',
      'strowger_switch_request_duration_seconds_bucket{node="pbx-1",le="+Inf"} 13',
      'strowger_switch_request_duration_seconds_sum{node="pbx-1"} 0.03',
      'strowger_switch_request_duration_seconds_count{node="pbx-1"} 13',
    ]);
  });

  it('counts what happened', async () => {
    const metrics = engineMetrics({ process: false, sources });
    const bodies: DomainEventBody[] = [
      { type: 'call.started', flow: 'bank', flowVersion: 'v', dialled: '95500', pii: { callerNumber: '13812345678', callerName: '李' } },
      { type: 'call.resumed', state: 'main', outageMs: 1 },
      { type: 'call.ended', termination: termination('served'), durationMs: 90_000 },
      { type: 'call.rejected', reason: 'unknownNumber', dialled: '1' },
      { type: 'menu.missed', prompt: 'p', why: 'noInput', attempt: 1 },
      { type: 'prompt.failed', prompts: ['p'] },
      { type: 'service.called', service: 'getBalance', outcome: 'ok', durationMs: 20 },
      { type: 'service.called', service: 'getBalance', outcome: 'failed', code: 'service.timeout', durationMs: 3000 },
      { type: 'contact.queued', ...contact, queueId: queueId('cards'), priority: 1, ageBoostMs: 0, enqueuedAt: 0, position: 1, steps: [], afterSteps: 'strict' },
      { type: 'contact.left', ...contact, queueId: queueId('cards'), how: 'answered', waitedMs: 4000 },
      { type: 'offer.ended', ...contact, offerId: offerId('o'), agentId: agentId('1'), outcome: 'accepted', rangMs: 4000 },
      { type: 'conversation.ended', ...contact, agentId: agentId('1'), endedBy: 'caller', talkMs: 50_000 },
      { type: 'contact.left', ...contact, queueId: queueId('cards'), how: 'abandoned', waitedMs: 4000 },
      { type: 'contact.left', ...contact, queueId: queueId('cards'), how: 'abandoned', waitedMs: 25_000 },
      { type: 'contact.left', ...contact, queueId: queueId('cards'), how: 'overflowed', reason: 'noAgents', waitedMs: 25_000 },
      { type: 'contact.left', ...contact, queueId: queueId('removed'), how: 'overflowed', reason: 'noAgents', waitedMs: 1 },
      { type: 'callback.offered', queueId: queueId('cards') },
      { type: 'callback.refused', queueId: queueId('any text'), refusal: 'queueUnknown', by: { by: 'program' }, pii: { number: '13812345678' } },
      { type: 'callback.attempted', ...callback, attempt: 1, outcome: 'busy' },
      { type: 'callback.ended', ...callback, how: 'reached', attempts: 2, kind: 'soon', period: { from: 0, to: 1 }, tookMs: 5 },
      { type: 'speech.heard', prompt: 'p', decision: 'accept', confidence: 0.9, pii: { text: '我的卡丢了' } },
      { type: 'speech.failed', prompt: 'p', code: 'speech.timeout' },
      { type: 'recording.started', recordingId: recordingId('rec-1'), by: { by: 'queue' } },
      { type: 'recording.stored', recordingId: recordingId('rec-1'), durationMs: 1, bytes: 8, sha256: '', keyId: 'k', deleteAt: 1 },
      { type: 'recording.failed', recordingId: recordingId('rec-1'), step: 'takeOver', code: 'switch.gone' },
      { type: 'node.up', node: nodeId('pbx-1'), version: '22' },
    ];
    for (const body of bodies) metrics.observe(event(body));
    metrics.storeFlushed(0.3);
    const all = await lines(metrics);
    for (const line of [
      'strowger_calls_started_total{flow="bank"} 1',
      'strowger_calls_resumed_total 1',
      'strowger_calls_ended_total{result="success",reason="served"} 1',
      'strowger_call_duration_seconds_sum 90',
      'strowger_calls_rejected_total{reason="unknownNumber"} 1',
      'strowger_menu_misses_total{why="noInput"} 1',
      'strowger_prompt_failures_total 1',
      'strowger_service_requests_total{service="getBalance",outcome="ok",code=""} 1',
      'strowger_service_requests_total{service="getBalance",outcome="failed",code="service.timeout"} 1',
      'strowger_service_request_duration_seconds_count{service="getBalance"} 2',
      'strowger_contacts_queued_total{queue="cards"} 1',
      'strowger_queue_wait_duration_seconds_bucket{le="5",queue="cards",how="answered"} 1',
      'strowger_queue_wait_duration_seconds_bucket{le="1",queue="cards",how="answered"} 0',
      'strowger_offers_total{outcome="accepted"} 1',
      'strowger_offer_ring_duration_seconds_sum 4',
      'strowger_conversation_duration_seconds_sum 50',
      'strowger_recordings_started_total{by="queue"} 1',
      'strowger_recordings_stored_total 1',
      'strowger_recording_failures_total{step="takeOver"} 1',
      'strowger_store_flush_duration_seconds_sum 0.0003',
      'strowger_contacts_left_in_target_total{queue="cards",how="answered"} 1',
      'strowger_contacts_left_in_target_total{queue="cards",how="abandoned"} 1',
      'strowger_contacts_left_in_target_total{queue="cards",how="overflowed"} 0',
      'strowger_contacts_abandoned_short_total{queue="cards"} 1',
      'strowger_queue_wait_duration_seconds_count{queue="removed",how="overflowed"} 1',
      'strowger_call_outage_duration_seconds_sum 0.001',
      'strowger_callbacks_offered_total{queue="cards"} 1',
      'strowger_callbacks_refused_total{refusal="queueUnknown"} 1',
      'strowger_callback_attempts_total{queue="cards",outcome="busy"} 1',
      'strowger_callbacks_ended_total{queue="cards",how="reached"} 1',
      'strowger_speech_utterances_total{decision="accept"} 1',
      'strowger_speech_failures_total{code="speech.timeout"} 1',
      'strowger_events_total{type="contact.left"} 5',
    ]) {
      expect(all).toContain(line);
    }
    expect(all.join('\n')).not.toMatch(/1381234|李|卡|any text/);
  });

  it('shows heap and event-loop lag, in a registry of its own', async () => {
    const [one, two] = [engineMetrics({ sources }), engineMetrics({ sources })];
    for (const text of [await one.text(), await two.text()]) {
      expect(text).toMatch(/^nodejs_heap_size_used_bytes \d+/m);
      expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    }
  });

  it('describes every figure, under names of one prefix and with base units', async () => {
    const text = await engineMetrics({ process: false, sources }).text();
    const names = [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(names.length).toBeGreaterThan(50);
    for (const { name, type } of names) {
      expect(name).toMatch(/^strowger_[a-z_]+$/);
      expect(name).not.toMatch(/_ms|_milliseconds|_minutes/);
      if (type === 'counter') expect(name).toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*[.]$`, 'm'));
    }
  });
});
