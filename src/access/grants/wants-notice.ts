import type { LockedUser } from '../lock-users.js';

export type Notified = Pick<LockedUser, 'isActive' | 'isVerified' | 'emailNotifications'>;

/** Nobody is told anything at an address that has not been confirmed: it may be a stranger's. */
export const wantsNotice = ({ isActive, isVerified, emailNotifications }: Notified): boolean =>
  isActive && isVerified && emailNotifications;
