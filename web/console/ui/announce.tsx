import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

const Context = createContext<(text: string) => void>(() => undefined);

/** Says something to screen readers when they have time, and shows it for some seconds. */
export const useAnnounce = (): ((text: string) => void) => useContext(Context);

const shownFor = 6000;

export function AnnouncementProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', count: 0 });
  const announce = useCallback((text: string) => {
    setSaid(({ count }) => ({ text, count: count + 1 }));
    // Another announcement meanwhile has a number of its own.
    setTimeout(() => setSaid((now) => (now.text === text ? { ...now, text: '' } : now)), shownFor);
  }, []);
  return (
    <Context value={announce}>
      {children}
      <div className="announcements" role="status" aria-live="polite">
        {said.text && <p key={said.count}>{said.text}</p>}
      </div>
    </Context>
  );
}
