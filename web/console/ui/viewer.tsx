import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { gatehouse, useSession } from '../../session';
import { useLanguage } from '../../texts/context';
import { Loading } from '../../ui/loading';
import { useLoaded } from '../../use-loaded';
import { ConsoleViewerDocument, type ConsoleViewerQuery } from './operations';

export type Viewer = NonNullable<ConsoleViewerQuery['viewer']>;

const Context = createContext<Viewer | undefined>(undefined);

/** Whoever uses the console. */
export function useViewer(): Viewer {
  const viewer = useContext(Context);
  if (!viewer) throw new Error('useViewer is used outside of ViewerProvider');
  return viewer;
}

/** Loads who uses the console, and what they may do. */
export function ViewerProvider({ children }: { readonly children: ReactNode }) {
  const { data, error, reload } = useLoaded(ConsoleViewerDocument, {});
  const [rights, setRights] = useState<'unknown' | 'known' | Error>('unknown');
  const { setPreferences } = useLanguage();
  const viewer = data?.viewer;
  const load = () => {
    gatehouse.ability().then(
      () => setRights('known'),
      (reason: Error) => setRights((before) => (before === 'known' ? before : reason)),
    );
  };
  useEffect(load, []);
  useEffect(() => {
    if (viewer) setPreferences(viewer.language, viewer.timezone);
  }, [viewer, setPreferences]);
  const retry = () => {
    void reload();
    load();
  };
  // A session that has ended meanwhile answers null; who used the console is still known.
  const [known, setKnown] = useState<Viewer>();
  useEffect(() => {
    if (viewer) setKnown(viewer);
  }, [viewer]);
  if (!known || rights !== 'known')
    return <Loading error={error ?? (rights instanceof Error ? rights : undefined)} onRetry={retry} />;
  return <Context value={known}>{children}</Context>;
}

export type Can = (action: string, resource: string, attributes?: object) => boolean;

/** Rights as last known: while a session has ended and the next one is not there yet, the screens stay as they are. */
let lastKnown: typeof gatehouse.knownAbility;

/** What the viewer may do, as far as it is known; rendered again when that changes. The service decides for itself. */
export function useCan(): Can {
  const [, setChanges] = useState(0);
  // A new session may have other rights.
  useSession();
  useEffect(() => gatehouse.onChange(() => setChanges((before) => before + 1)), []);
  return can;
}

const can: Can = (action, resource, attributes) => {
  // It is asked for where it is not known.
  const answer = gatehouse.can(action, resource, attributes);
  const { knownAbility } = gatehouse;
  if (!knownAbility) return lastKnown?.can(action, resource) ?? false;
  lastKnown = knownAbility;
  return answer;
};
