import type { FieldError } from '../../../client/gatehouse';
import { mutate } from '../ui/mutate';
import {
  ConsoleDeactivateUserDocument,
  ConsoleDeleteUserDocument,
  ConsoleGrantRoleDocument,
  ConsoleLockUserDocument,
  type ConsolePersonStateFragment,
  ConsoleReactivateUserDocument,
  ConsoleRevokeRoleDocument,
  ConsoleRevokeSessionOfPersonDocument,
  ConsoleRevokeTokenOfPersonDocument,
  ConsoleRevokeUserSessionsDocument,
  ConsoleSetAdministratorDocument,
  ConsoleUnlockUserDocument,
  ConsoleUpdateUserDocument,
  type UpdateUserInput,
} from './operations';

export type Errors = readonly FieldError[];
type Refused = Promise<Errors>;
/** What the API refused, and how the account is afterwards. */
type Acted = Promise<{ readonly errors: Errors; readonly user: ConsolePersonStateFragment | null }>;

const errorsOf = async (payload: Promise<{ readonly errors: Errors }>): Refused => (await payload).errors;

/** What can be done with a person. Each returns what the API refused. @throws GatehouseError */
export const acts = {
  lock: (userId: string, until: string, reason: string | null): Acted =>
    mutate(ConsoleLockUserDocument, { input: { userId, until, reason } }),
  unlock: (userId: string): Acted => mutate(ConsoleUnlockUserDocument, { input: { userId } }),
  deactivate: (userId: string, reason: string | null): Acted =>
    mutate(ConsoleDeactivateUserDocument, { input: { userId, reason } }),
  reactivate: (userId: string): Acted => mutate(ConsoleReactivateUserDocument, { input: { userId } }),
  setAdministrator: (userId: string, isAdmin: boolean): Acted =>
    mutate(ConsoleSetAdministratorDocument, { input: { userId, isAdmin } }),
  remove: (userId: string): Refused => errorsOf(mutate(ConsoleDeleteUserDocument, { input: { userId } })),
  endSessions: (userId: string): Refused => errorsOf(mutate(ConsoleRevokeUserSessionsDocument, { input: { userId } })),
  endSession: (sessionId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeSessionOfPersonDocument, { input: { sessionId } })),
  revokeToken: (apiTokenId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeTokenOfPersonDocument, { input: { apiTokenId } })),
  grant: (userId: string, roleId: string, expiresAt: string | null) =>
    mutate(ConsoleGrantRoleDocument, { input: { userId, roleId, expiresAt } }),
  revoke: (userId: string, roleId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeRoleDocument, { input: { userId, roleId } })),
  update: (input: UpdateUserInput) => mutate(ConsoleUpdateUserDocument, { input }),
};
