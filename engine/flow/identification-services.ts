import { service } from './service.ts';

/**
 * Whether somebody may try to identify itself for an account now: declare it in `services` of `defineIvr`, under this name. The engine answers
 * it itself. It spares a caller the PIN where the answer would be `locked` anyway; whether the flow asks or not, the service that
 * checks the PIN is guarded (engine/identification).
 */
export const mayIdentify = service<{ account: string }, { outcome: 'free' } | { outcome: 'locked' }>();
