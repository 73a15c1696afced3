import { addressOf } from '../ui/use-url-state';
import type { ConsoleUnusualQuery } from './operations';

type Finding = ConsoleUnusualQuery['unusualActivity'][number];

/** What the clocks of a time zone show, for a field of the browser: `2026-11-27T14:05:00`. Swedish dates are those of ISO 8601. */
const localTime = (at: string, timeZone: string | undefined): string =>
  new Date(at).toLocaleString('sv-SE', timeZone === undefined ? {} : { timeZone }).replace(' ', 'T');

/** The list of the events of these types from an instant on. */
export const eventsLink = (types: readonly string[], from: string, timeZone: string | undefined): string =>
  addressOf('/console/audit', { type: types.join(','), from: localTime(from, timeZone) });

/** The list of the events of a finding. */
export const findingLink = ({ criteria, firstAt }: Finding, timeZone: string | undefined): string =>
  addressOf('/console/audit', {
    type: criteria.types.join(','),
    person: criteria.subjectId ?? '',
    by: criteria.actorId ?? '',
    address: criteria.ipAddress ?? '',
    from: criteria.types.length > 0 ? localTime(firstAt, timeZone) : '',
  });
