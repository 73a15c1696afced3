import { useEffect, useState } from 'react';
import type { Mail } from './use-mails';

const idPattern = /^\d{13}-[\da-f]{8}$/;

/** @returns undefined without a fragment; of another one, such as that of the link to the content, what was before */
function idInAddress(before?: string): string | undefined {
  const fragment = window.location.hash.slice(1);
  return fragment === '' || idPattern.test(fragment) ? fragment || undefined : before;
}

/**
 * The id of the mail that is shown: the one in the address, or the newest of those that are there first. A mail that
 * arrives later does not take its place.
 */
export function useChosen(mails: readonly Mail[] | undefined): string | undefined {
  const [inAddress, setInAddress] = useState(() => idInAddress());
  const [first, setFirst] = useState<string>();
  const newest = mails?.[0]?.id;
  if (first === undefined && newest !== undefined) setFirst(newest);
  useEffect(() => {
    const look = () => setInAddress(idInAddress);
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return inAddress ?? first;
}
