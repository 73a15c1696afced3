import { holderOf } from '../../accounts/held-addresses.js';
import { checkEmail, normalizeIdentifier } from '../../accounts/identifiers.js';
import { issueToken } from '../../accounts/mailed-tokens.js';
import type { Transaction } from '../../database/transaction.js';
import { Refusal, refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { holdAccount } from '../hold-account.js';
import { type Proved, provePassword } from '../prove-password.js';

/**
 * Mails a link to the new address, which confirms the change, and one to the old address, which undoes it. If the new
 * address belongs to somebody else, the answer is the same and that person is notified.
 * @returns the normalized new address
 * @throws Refusal INVALID_CREDENTIALS (also while locked), INVALID_INPUT; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function requestEmailChange(
  operation: Operation,
  input: { readonly newEmail: string; readonly currentPassword: string },
): Promise<string> {
  const account = await provePassword(operation, input.currentPassword);
  const newEmail = normalizeIdentifier(input.newEmail);
  const errors = checkEmail(newEmail, 'newEmail');
  if (errors.length > 0) throw new Refusal(errors);
  if (newEmail === account.email) throw refuse('INVALID_INPUT', 'This is the address you have.', 'newEmail');
  await operation.services.database.transaction((tx) => sendLinks(tx, operation, account, newEmail));
  return newEmail;
}

async function sendLinks(tx: Transaction, operation: Operation, account: Proved, newEmail: string): Promise<void> {
  const { outbox, mails, config } = operation.services;
  const { emailChange, emailUndo } = config.lifetimes;
  await holdAccount(tx, operation, account.passwordHash);
  const issue = async (purpose: 'confirm-email-change' | 'undo-email-change', lifetime: number) => ({
    token: await issueToken(tx, operation, account, { purpose, lifetime, newEmail }),
    lifetime,
  });
  const confirmation = await issue('confirm-email-change', emailChange);
  const undoing = await issue('undo-email-change', emailUndo);
  const holder = await holderOf(tx, operation, newEmail);
  outbox.enqueue(
    tx,
    holder && holder.id !== account.id
      ? mails.write('already-registered', holder, {})
      : mails.write('email-change', { ...account, email: newEmail, username: null }, { confirmation }),
  );
  outbox.enqueue(tx, mails.write('email-change-notice', account, { undoing }));
  record(tx, operation, { type: 'EMAIL_CHANGE_REQUESTED', subjectId: account.id });
}
