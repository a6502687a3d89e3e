import type { RecordedContact, RecordedLog } from '../../engine/simulation/recorded-log.ts';
import { textTable } from './text-table.ts';

/** What really happened, by queue: beside it a simulation of the same centre shows how far to trust it. */
export function recordedReport(log: RecordedLog): readonly string[] {
  const targets = new Map(log.queues.map(({ queueId, serviceLevelMs, shortAbandonMs }) => [queueId, { serviceLevelMs, shortAbandonMs }]));
  const queues = [...new Set(log.contacts.map(({ queueId }) => queueId))];
  const rows = queues.map((queueId) => {
    const contacts = log.contacts.filter((contact) => contact.queueId === queueId && contact.how !== 'waiting');
    return [queueId, ...figures(contacts, targets.get(queueId))];
  });
  return textTable(['QUEUE', 'calls', 'answered', 'abandoned', 'service level', 'ASA s', 'AHT s'], rows);
}

function figures(contacts: readonly RecordedContact[], target: { readonly serviceLevelMs: number; readonly shortAbandonMs: number } | undefined): readonly string[] {
  const answered = contacts.filter(({ how }) => how === 'answered');
  const abandoned = contacts.filter(({ how }) => how === 'abandoned');
  const short = abandoned.filter(({ waitedMs }) => waitedMs < (target?.shortAbandonMs ?? 0)).length;
  const inTarget = answered.filter(({ waitedMs }) => waitedMs <= (target?.serviceLevelMs ?? 0)).length;
  const handling = answered.filter(({ talkMs }) => talkMs !== undefined).map(({ talkMs = 0, wrapUpMs = 0 }) => talkMs + wrapUpMs);
  return [
    String(contacts.length),
    percent(answered.length / contacts.length),
    percent(abandoned.length / contacts.length),
    target === undefined ? '–' : percent(inTarget / (contacts.length - short)),
    seconds(mean(answered.map(({ waitedMs }) => waitedMs))),
    seconds(mean(handling)),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(value: number): string {
  return Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`;
}

function seconds(ms: number): string {
  return Number.isNaN(ms) ? '–' : (ms / 1000).toFixed(1);
}
