import { fakeAcd, fakeContacts } from './acd.fixture.ts';
import { noLoad, notDrained } from './admission.fixture.ts';
import type { ApiDeps } from './api-deps.ts';
import { fakeCallbacks } from './callback.fixture.ts';

const nobody = (): never => {
  throw new Error('the test asks for nothing of this');
};

/** An engine behind the API that has nothing, and can do what the test gives it. */
export function fakeDeps(given: Partial<ApiDeps> = {}): ApiDeps {
  return {
    agents: { agents: () => [], signIn: nobody, signOut: nobody, setReady: nobody, setNotReady: nobody, finishWrapUp: nobody, enterCode: nobody },
    contacts: fakeContacts(),
    acd: fakeAcd(),
    callbacks: fakeCallbacks(),
    recordings: undefined,
    engine: { handOver: nobody, drain: notDrained },
    queues: () => [],
    calls: () => [],
    events: async () => [],
    reports: { figures: nobody, expectedWait: nobody },
    health: () => ({}),
    admission: () => noLoad,
    metrics: async () => '',
    ...given,
  };
}
