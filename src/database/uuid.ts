const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is written as a UUID. Anything else is no id of ours and must not reach a uuid column. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);
