import { CodedError, Refusal } from '../errors.js';

/** Whether a check lets pass what it is asked about: `viewerCan…` fields ask what mutations assert. */
export function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Refusal || error instanceof CodedError) return false;
    throw error;
  }
}
