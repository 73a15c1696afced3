import { useSyncExternalStore } from 'react';

/** As in the styles. */
const narrow = window.matchMedia('(max-width: 48rem)');

const listen = (listener: () => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

/** Whether the window is as narrow as a phone. */
export const useIsNarrow = (): boolean => useSyncExternalStore(listen, () => narrow.matches);
