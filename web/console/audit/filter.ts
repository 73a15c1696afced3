import { instantOf } from '../../texts/zoned-time';
import type { SecurityEventFilter, SecurityEventType } from './operations';

/** Names of the filters in the address. */
export const filterNames = [
  'text',
  'type',
  'person',
  'subject',
  'by',
  'address',
  'session',
  'request',
  'from',
  'to',
] as const;

/**
 * The filter of the API for what the address says.
 * @param timeZone of the viewer; see `instantIn`
 */
export function filterOf(url: URLSearchParams, timeZone: string | undefined): SecurityEventFilter {
  const get = (name: (typeof filterNames)[number]) => url.get(name) || null;
  const types = url
    .getAll('type')
    .flatMap((type) => type.split(','))
    .filter(Boolean);
  const instant = (name: 'from' | 'to') => {
    const text = get(name);
    return text === null ? null : instantIn(text, timeZone);
  };
  const all = {
    text: get('text'),
    types: types.length > 0 ? (types as SecurityEventType[]) : null,
    personId: get('person'),
    subjectId: get('subject'),
    actorId: get('by'),
    ipAddress: get('address'),
    sessionId: get('session'),
    requestId: get('request'),
    since: instant('from'),
    until: instant('to'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/**
 * @param text an instant with its offset, as the fields write it; or a local time, as in links of earlier releases
 * @param timeZone of a local time
 * @returns RFC 3339 in UTC; null for what is no time
 */
export function instantIn(text: string, timeZone: string | undefined): string | null {
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text);
  const date = hasZone ? new Date(text) : localInstant(text, timeZone);
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

function localInstant(text: string, timeZone: string | undefined): Date | undefined {
  try {
    return instantOf(text, timeZone);
  } catch {
    return undefined;
  }
}
