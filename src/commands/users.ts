import { type ListedAccount, listAccounts } from '../accounts/list-accounts.js';
import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import type { Environment } from './command.js';
import { cell, instant, type Output } from './output.js';

export interface UserListing {
  readonly search?: string;
  readonly role?: string;
  readonly active?: boolean;
  readonly deactivated?: boolean;
}

/** Prints one line per account, in the order of the names. */
export async function listUsers(env: Environment, options: UserListing, output: Output): Promise<void> {
  const { search, role, active, deactivated } = options;
  const isActive = active === deactivated ? undefined : active === true;
  const query = { ...(search && { search }), ...(role && { role }), ...(isActive !== undefined && { isActive }) };
  await withServices(loadConfig(env), async (services) => {
    for await (const account of listAccounts(asOperator(services), query)) output.print(account, lineOf(account));
  });
}

function lineOf({ id, username, email, roles, lastLoginAt, ...account }: ListedAccount): string {
  const marks = [
    ...(account.isAdmin ? ['administrator'] : []),
    ...(account.isActive ? [] : ['deactivated']),
    ...(account.isVerified ? [] : ['unverified']),
  ];
  const seen = `last sign-in ${instant(lastLoginAt)}`;
  return `${id}  ${cell(username, 24)}  ${cell(email, 32)}  ${seen}  ${[...marks, ...roles].map((text) => cell(text)).join(', ')}`;
}
