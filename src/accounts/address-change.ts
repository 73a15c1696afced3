import { changesBetween, type FieldChanges } from '../security-events/field-changes.js';
import type { User } from './user.entity.js';

type Address = Pick<User, 'email' | 'isVerified'>;

/** What an event about another e-mail address tells. */
export const addressChange = (before: Address, after: Address): FieldChanges =>
  changesBetween(
    { email: before.email, isVerified: before.isVerified },
    { email: after.email, isVerified: after.isVerified },
  );
