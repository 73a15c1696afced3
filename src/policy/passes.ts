import { CodedError, Refusal } from '../errors.js';

/**
 * True when the check does not throw a Refusal or a CodedError; other errors are passed on. Fields such as
 * `viewerCanUpdate` use it with the checks that mutations assert.
 */
export function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Refusal || error instanceof CodedError) return false;
    throw error;
  }
}
