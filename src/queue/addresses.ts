import type { Operation } from '../operation.js';

/** Whether the caller may read the e-mail address of every user, and so those that failed jobs are about. */
export const mayReadAddresses = ({ caller }: Operation): boolean => caller?.rights.extentOf('user:read') === 'all';

/** Mail servers repeat the recipient in their replies. */
const addressLike = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

export const withoutAddresses = (text: string): string => text.replace(addressLike, '…');
