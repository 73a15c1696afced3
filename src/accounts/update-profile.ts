import { lockUsers } from '../access/lock-users.js';
import { Refusal, unauthenticated } from '../errors.js';
import { type Operation, requireCaller } from '../operation.js';
import { record } from '../security-events/record.js';
import { assertVersion } from '../versions.js';
import { applyChanges, type Profile, readProfile } from './profile.js';
import { User } from './user.entity.js';

export interface UpdateProfile extends Profile {
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * Changes the caller's own profile.
 * @throws Refusal INVALID_INPUT, VERSION_CONFLICT; UNAUTHENTICATED
 */
export async function updateProfile(operation: Operation, input: UpdateProfile): Promise<User> {
  const { userId } = requireCaller(operation);
  const { changes, errors } = readProfile(input);
  if (errors.length > 0) throw new Refusal(errors);
  const { database, principals } = operation.services;
  const changed = await database.transaction(async (tx) => {
    await lockUsers(tx, [userId]);
    const user = await tx.em.findOne(User, userId);
    if (!user) throw unauthenticated();
    assertVersion(user, input.expectedVersion);
    const details = applyChanges(user, changes);
    if (details) record(tx, operation, { type: 'USER_UPDATED', subjectId: user.id, details });
    return user;
  });
  principals.forgetUser(userId);
  return changed;
}
