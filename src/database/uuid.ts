const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a UUID in any case. Anything else would make PostgreSQL fail when it is compared with a uuid column. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);
