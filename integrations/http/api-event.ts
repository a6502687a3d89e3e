import type { DomainEventBody } from '../../engine/domain/events.ts';

/** What the API announces: who signed in and what was changed. */
export type ApiEvent = Extract<DomainEventBody, { readonly type: `api.${string}` }>;
