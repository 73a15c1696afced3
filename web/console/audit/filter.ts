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
 * @param timeZone of the local times in `from` and `to`, which may also be instants with a zone
 */
export function filterOf(url: URLSearchParams, timeZone: string | undefined): SecurityEventFilter {
  const get = (name: (typeof filterNames)[number]) => url.get(name) || null;
  const types = url
    .getAll('type')
    .flatMap((type) => type.split(','))
    .filter(Boolean);
  const instant = (name: 'from' | 'to') => {
    const text = get(name);
    return text === null ? null : asInstant(text, timeZone);
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

/** @returns RFC 3339; null for what is no time */
function asInstant(text: string, timeZone: string | undefined): string | null {
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
