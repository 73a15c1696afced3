import { addressOf } from '../ui/use-url-state';
import type { ConsoleUnusualQuery } from './operations';

type Finding = ConsoleUnusualQuery['unusualActivity'][number];

/** The list of the events of these types from an instant on. */
export const eventsLink = (types: readonly string[], from: string): string =>
  addressOf('/console/audit', { type: types.join(','), from });

/** The list of the events of a finding. */
export const findingLink = ({ criteria, firstAt }: Finding): string =>
  addressOf('/console/audit', {
    type: criteria.types.join(','),
    person: criteria.subjectId ?? '',
    by: criteria.actorId ?? '',
    address: criteria.ipAddress ?? '',
    from: criteria.types.length > 0 ? firstAt : '',
  });
