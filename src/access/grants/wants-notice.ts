import type { LockedUser } from '../lock-users.js';

export type Notified = Pick<LockedUser, 'isActive' | 'isVerified' | 'emailNotifications'>;

/** Unverified addresses get no notices, because they may belong to somebody else. */
export const wantsNotice = ({ isActive, isVerified, emailNotifications }: Notified): boolean =>
  isActive && isVerified && emailNotifications;
