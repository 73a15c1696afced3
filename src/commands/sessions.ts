import { findAccount } from '../accounts/find-account.js';
import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import { revokeUserSessions } from '../sessions/revoke-sessions.js';
import { livingSessionsOfUsers } from '../sessions/session-rows.js';
import { deviceName } from '../texts/device-name.js';
import type { Environment } from './command.js';
import { cell, instant, type Output } from './output.js';

const mostListed = 1000;

/** Prints one line per open session of an account, the most recently used first. @throws Refusal NOT_FOUND */
export async function listSessions(env: Environment, named: string, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    const { id } = await findAccount(asOperator(services), named);
    const wanted = [{ parentId: id, first: mostListed }];
    const [sessions = []] = await livingSessionsOfUsers(services.database.sql, wanted, services.clock.now());
    if (sessions instanceof Error) throw sessions;
    for (const { id: sessionId, ipAddress, userAgent, createdAt, lastUsedAt, expiresAt } of sessions) {
      const device = userAgent ? deviceName(userAgent) : null;
      output.print(
        { id: sessionId, userId: id, ipAddress, device, createdAt, lastUsedAt, expiresAt },
        `${sessionId}  last used ${instant(lastUsedAt)}  expires ${instant(expiresAt)}  ${cell(ipAddress ?? '-', 16)}  ${cell(device ?? '-')}`,
      );
    }
  });
}

/** Ends all sessions of an account. @throws Refusal NOT_FOUND */
export async function revokeSessions(env: Environment, named: string, output: Output): Promise<void> {
  await withServices(loadConfig(env), async (services) => {
    const operation = asOperator(services);
    const { id, username } = await findAccount(operation, named);
    const { count } = await revokeUserSessions(operation, id);
    output.print({ userId: id, ended: count }, `${count} sessions of ${cell(username)} have ended.`);
  });
}
