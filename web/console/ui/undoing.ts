import type { FieldError } from '../../../client/gatehouse';

/** Undoes one thing. Returns what was refused. @throws GatehouseError */
export type Undoing = () => Promise<readonly FieldError[]>;

/** For what has no version of its own, and is found to be different from how it was left. */
export const changedMeanwhile: readonly FieldError[] = [{ code: 'VERSION_CONFLICT', message: '', field: null }];
