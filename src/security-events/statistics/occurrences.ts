/** Types of refusals, of which one event may stand for many; see `RefusalWindow`. */
const summedUp = `('LOGIN_FAILED', 'TWO_FACTOR_FAILED', 'PERMISSION_DENIED', 'RATE_LIMITED')`;

/** SQL expression: how often that happened which `security_events e` reports. 1, or the count in the details of a refusal. */
export const occurrences = `case when e.type in ${summedUp} and jsonb_typeof(e.details -> 'count') = 'number'
  then (e.details ->> 'count')::numeric::bigint else 1 end`;
