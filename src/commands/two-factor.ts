import { findAccount } from '../accounts/find-account.js';
import { resetTwoFactor } from '../authentication/reset-two-factor.js';
import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import type { Environment } from './command.js';
import { cell, type Output } from './output.js';

/** Removes the second factor of somebody who has lost it; they are told by mail. @throws Refusal NOT_FOUND */
export async function resetSecondFactor(env: Environment, named: string, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    const operation = asOperator(services);
    const account = await findAccount(operation, named);
    await resetTwoFactor(operation, account);
    output.print(
      { userId: account.id, username: account.username },
      `The second factor of ${cell(account.username)} was removed; a mail tells them.`,
    );
  });
}
