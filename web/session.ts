import { useSyncExternalStore } from 'react';
import { createGatehouse, type SessionState } from '../client/gatehouse';

/** The pages use the API as any single-page app does. */
export const gatehouse = createGatehouse({ url: '/graphql' });

/** Who is signed in, as it changes, also by another tab. */
export const useSession = (): SessionState =>
  useSyncExternalStore(
    (listener) => gatehouse.onChange(listener),
    () => gatehouse.state,
  );
