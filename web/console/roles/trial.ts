import { serverNow } from '../../server-clock';
import type { Json } from '../attributes/json';
import type { Conditions } from './conditions';
import { placeholders } from './placeholders';

/** Who asks, in a trial. */
export interface Asker {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/**
 * Tries conditions on attributes with the public matcher that clients use. The service decides for itself.
 * @throws an error of the matcher for conditions that it does not know
 */
export async function wouldAllow(conditions: Conditions | null, attributes: object, asker: Asker): Promise<boolean> {
  if (conditions === null) return true;
  const { guard } = await import('@ucast/mongo2js');
  return guard(forMatcher(filled(conditions, asker)) as never)(attributes as never);
}

/** Fills in the placeholders. */
function filled(value: Json, asker: Asker): Json {
  if (value === placeholders.ofUser) return asker.id;
  if (value === placeholders.ofEmail) return asker.email;
  if (value === placeholders.ofRoles) return asker.roles;
  if (value === placeholders.ofNow) return new Date(serverNow()).toISOString();
  if (Array.isArray(value)) return value.map((item) => filled(item, asker));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part, asker)]));
}

/** The matcher takes `$not` on a field only: on whole conditions it is `$nor` of one. */
function forMatcher(conditions: Json): Json {
  if (typeof conditions !== 'object' || conditions === null || Array.isArray(conditions)) return conditions;
  return Object.fromEntries(
    Object.entries(conditions).map(([key, part]) => {
      if (key === '$not') return ['$nor', [forMatcher(part)]];
      return (key === '$and' || key === '$or') && Array.isArray(part) ? [key, part.map(forMatcher)] : [key, part];
    }),
  );
}
