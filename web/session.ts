import { useSyncExternalStore } from 'react';
import { createGatehouse, type SessionState } from '../client/gatehouse';
import { noteServerTime } from './server-clock';

/** The pages use the API as any single-page app does. */
export const gatehouse = createGatehouse({
  url: '/graphql',
  // Only the console asks what its user may do.
  liveAbilities: true,
  fetch: async (input, init) => {
    const response = await fetch(input, init);
    noteServerTime(response);
    return response;
  },
});

/** Who is signed in, as it changes, also by another tab. */
export const useSession = (): SessionState =>
  useSyncExternalStore(
    (listener) => gatehouse.onChange(listener),
    () => gatehouse.state,
  );
