import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { FieldError } from '../../../client/gatehouse';

/** How something that was done is undone. */
type Undo =
  /** Does the opposite, unless it was changed meanwhile. Returns what was refused. @throws GatehouseError */
  | { readonly run: () => Promise<readonly FieldError[]> }
  /** For many at once: a dialog that does it, with a result for each. */
  | { readonly show: (onClose: () => void) => ReactNode };

/** Something that was done and can be undone, until it is dismissed or something else is done. */
export interface Offer {
  readonly text: string;
  readonly undo: Undo;
}

/**
 * Says something to screen readers when they have time, and shows it for some seconds.
 * @param undo offered with it. Something that was done without it can not be undone. `'notice'`: nothing was done, so what could
 *   be undone before still can
 */
type Announce = (text: string, undo?: Undo | 'notice') => void;

export interface Announced {
  readonly text: string;
  readonly count: number;
  readonly offer: Offer | undefined;
}

const SayContext = createContext<Announce>(() => undefined);
const SaidContext = createContext<Announced & { readonly dismiss: () => void }>({
  text: '',
  count: 0,
  offer: undefined,
  dismiss: () => undefined,
});
const UndoneContext = createContext<Set<() => void>>(new Set());

export const useAnnounce = (): Announce => useContext(SayContext);

/** What is to be shown; for the shell. */
export const useAnnounced = () => useContext(SaidContext);

/** Reads anew what a screen shows when something was undone. */
export function useAfterUndo(reload: () => void): void {
  const listeners = useContext(UndoneContext);
  const newest = useRef(reload);
  newest.current = reload;
  useEffect(() => {
    const listener = () => newest.current();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listeners]);
}

/** Tells the screens that something was undone. */
export function useTellUndone(): () => void {
  const listeners = useContext(UndoneContext);
  return useCallback(() => {
    for (const listener of [...listeners]) listener();
  }, [listeners]);
}

const shownFor = 6000;
const silent: Announced = { text: '', count: 0, offer: undefined };

export function AnnouncementProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState(silent);
  const listeners = useMemo(() => new Set<() => void>(), []);
  const announce = useCallback<Announce>((text, undo) => {
    const isOffer = undo !== undefined && undo !== 'notice';
    setSaid((before) => ({
      text: isOffer ? '' : text,
      count: before.count + 1,
      offer: isOffer ? { text, undo } : undo === 'notice' ? before.offer : undefined,
    }));
    // Another announcement meanwhile has a number of its own.
    setTimeout(() => setSaid((now) => (now.text === text ? { ...now, text: '' } : now)), shownFor);
  }, []);
  const dismiss = useCallback(() => setSaid((now) => ({ ...now, offer: undefined })), []);
  const shown = useMemo(() => ({ ...said, dismiss }), [said, dismiss]);
  return (
    <SayContext value={announce}>
      <UndoneContext value={listeners}>
        <SaidContext value={shown}>{children}</SaidContext>
      </UndoneContext>
    </SayContext>
  );
}
