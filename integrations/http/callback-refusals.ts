import { CALLBACK_REFUSALS, type CallbackRefusal } from '../../engine/domain/callback.ts';
import { isStrowgerError, StrowgerError } from '../../engine/domain/errors.ts';

const SENTENCES: Readonly<Record<CallbackRefusal, string>> = {
  numberInvalid: 'This is no phone number.',
  numberTooShort: 'The number is too short; its area code may be missing.',
  numberWithheld: 'There is no number to call back: it is withheld.',
  numberForeign: 'Numbers abroad are not called back.',
  numberType: 'Numbers of this kind are not called back.',
  ownNumber: 'This is a number of the contact centre itself.',
  doNotCall: 'The number is on the list of those that are not called.',
  tooManyForNumber: 'This number has been asked to be called back too often within a day.',
  tooManyByCaller: 'This caller has asked for too many callbacks within a day.',
  tooManyToday: 'As many callbacks as are allowed in a day have been asked for.',
  costLimit: 'What callbacks may cost in a day is spent.',
  callingHours: 'The number is not called at this time of its day.',
  alreadyPending: 'A callback to this number is open in this queue already.',
  notOffered: 'The queue has no callbacks, or no window at this time.',
  windowFull: 'As many callbacks as the window holds are promised for it.',
  windowPast: 'The window has begun already, or begins too soon.',
  queueUnknown: 'There is no such queue.',
};

/** What helps more than the rules of the configuration. */
const HINTS: Partial<Record<CallbackRefusal, string>> = {
  alreadyPending: 'Move or cancel that one: GET /api/v1/callbacks or `./strowger callback list` has its id.',
  notOffered: 'GET /api/v1/queues/{queueId}/callback-windows or `./strowger callback windows <queue>` lists what can be had now.',
  windowFull: 'GET /api/v1/queues/{queueId}/callback-windows or `./strowger callback windows <queue>` lists what can be had now.',
  windowPast: 'GET /api/v1/queues/{queueId}/callback-windows or `./strowger callback windows <queue>` lists what can be had now.',
  queueUnknown: 'GET /api/v1/queues or `./strowger acd status` lists the queues.',
};

/** A refusal with its code for programs and a sentence for people. */
export function refused(refusal: CallbackRefusal, cause?: StrowgerError): StrowgerError {
  const hint = HINTS[refusal];
  return new StrowgerError('callback.refused', SENTENCES[refusal], { fields: { ...cause?.fields, refusal }, cause, ...(hint === undefined ? {} : { hint }) });
}

/** What a person is told of whatever a change of callbacks threw. */
export function explained(error: unknown): unknown {
  if (!isStrowgerError(error, 'callback.refused')) return error;
  const refusal = CALLBACK_REFUSALS.find((known) => known === error.fields['refusal']);
  return refusal === undefined ? error : refused(refusal, error);
}
