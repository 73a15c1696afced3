import type { FieldError } from '../../../client/gatehouse';
import { mutate } from '../ui/mutate';
import {
  ConsoleDeactivateUserDocument,
  ConsoleDeleteUserDocument,
  ConsoleGrantRoleDocument,
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

type Refused = Promise<readonly FieldError[]>;

const errorsOf = async (payload: Promise<{ readonly errors: readonly FieldError[] }>): Refused =>
  (await payload).errors;

/** What can be done with a person. Each returns what the API refused. @throws GatehouseError */
export const acts = {
  unlock: (userId: string): Refused => errorsOf(mutate(ConsoleUnlockUserDocument, { input: { userId } })),
  deactivate: (userId: string, reason: string | null): Refused =>
    errorsOf(mutate(ConsoleDeactivateUserDocument, { input: { userId, reason } })),
  reactivate: (userId: string): Refused => errorsOf(mutate(ConsoleReactivateUserDocument, { input: { userId } })),
  remove: (userId: string): Refused => errorsOf(mutate(ConsoleDeleteUserDocument, { input: { userId } })),
  setAdministrator: (userId: string, isAdmin: boolean): Refused =>
    errorsOf(mutate(ConsoleSetAdministratorDocument, { input: { userId, isAdmin } })),
  endSessions: (userId: string): Refused => errorsOf(mutate(ConsoleRevokeUserSessionsDocument, { input: { userId } })),
  endSession: (sessionId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeSessionOfPersonDocument, { input: { sessionId } })),
  revokeToken: (apiTokenId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeTokenOfPersonDocument, { input: { apiTokenId } })),
  grant: (userId: string, roleId: string, expiresAt: string | null): Refused =>
    errorsOf(mutate(ConsoleGrantRoleDocument, { input: { userId, roleId, expiresAt } })),
  revoke: (userId: string, roleId: string): Refused =>
    errorsOf(mutate(ConsoleRevokeRoleDocument, { input: { userId, roleId } })),
  update: (input: UpdateUserInput): Refused => errorsOf(mutate(ConsoleUpdateUserDocument, { input })),
};
