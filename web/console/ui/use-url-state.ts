import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Values in the address by their names; an empty one is left out. */
export type UrlValues = Readonly<Record<string, string>>;
/** @param how `push` makes a step that the browser's back button undoes; by default the present one is replaced */
export type SetUrl = (changes: UrlValues, how?: 'push' | 'replace') => void;

/** What a screen shows, kept in the address, so that a link shows somebody else the same. */
export function useUrlState(): readonly [values: URLSearchParams, set: SetUrl] {
  const values = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const set = useCallback<SetUrl>(
    (changes, how = 'replace') => {
      // The address as it is now: several changes may come before the next rendering.
      const { pathname, search } = window.location;
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const query = next.toString();
      navigate(query ? `${pathname}?${query}` : pathname, { replace: how === 'replace' });
    },
    [navigate],
  );
  return [values, set];
}

/** The address of a screen with these values. */
export function addressOf(path: string, values: UrlValues): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
  return query ? `${path}?${query}` : path;
}
