import type { Caller } from '../policy/caller.js';
import { allFields, type UserRow, userColumns } from './user-rows.js';

declare module '../policy/caller.js' {
  interface Caller {
    /** The caller's account, as remembered with the credential; absent for a command, which has none. */
    readonly account?: RememberedAccount;
  }
}

/** What a caller's account is, as far as a signal tells of each change; migrations/routines/signal.ts lists the columns. */
export type RememberedAccount = Omit<UserRow, 'lastLoginAt' | 'lockedUntil' | 'roles'>;

/** Fields of a user that change without a signal: sign-ins and locks are too many. */
const unsignalled = ['lastLoginAt', 'lockedUntil', 'isLocked'];

const fields: ReadonlySet<string> = new Set(
  [...allFields].filter((field) => ![...unsignalled, 'roles'].includes(field)),
);

/** Select list that reads a `RememberedAccount`, for statements with `from users u`. */
export const rememberedColumns = userColumns(fields, () => '');

/**
 * The caller's account from memory. It is from no earlier moment than when the caller was identified.
 * @param asked names of all fields that are asked for
 * @returns undefined when one of them is not remembered
 */
export function rememberedAccount({ account, rights }: Caller, asked: ReadonlySet<string>): UserRow | undefined {
  if (!account || unsignalled.some((field) => asked.has(field))) return undefined;
  return asked.has('roles') ? { ...(account as UserRow), roles: rights.rules.roles } : (account as UserRow);
}

/** Approximate size in memory, in UTF-16 units: texts, and a fixed part for all else. */
export const sizeOfAccount = (account: RememberedAccount): number =>
  Object.values(account).reduce((size: number, value) => size + (typeof value === 'string' ? value.length : 8), 200);
