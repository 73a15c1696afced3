const requests = new WeakMap<object, string>();

/** Notes the id of the request in which an error of an answer occurred. */
export const noteRequest = (error: object, requestId: string): void => void requests.set(error, requestId);

/** @returns undefined for an error that occurred outside of any operation, or while its context was created */
export const requestOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? requests.get(error) : undefined;
