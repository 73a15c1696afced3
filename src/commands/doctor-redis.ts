import type { Config } from '../config.js';
import { openClient } from '../redis/open-client.js';
import { reasonOf } from '../redis/redis-failure.js';
import { within } from '../redis/within.js';
import type { Finding } from '../settings/finding.js';
import { answeringFinding, noRedis, unusableFinding } from '../settings/redis-findings.js';

/** In milliseconds. The key that it writes is gone after them. */
const patience = 2000;

/** Checks that Redis can be reached, takes the sign-in and a write, and does not drop what is in use. */
export async function examineRedis({ redis }: Config): Promise<Finding> {
  if (!redis) return noRedis;
  try {
    const client = await openClient(redis, () => undefined);
    try {
      await within(patience, client.write('gatehouse:doctor', patience));
      return answeringFinding(client.facts);
    } finally {
      client.destroy();
    }
  } catch (error) {
    return unusableFinding(reasonOf(error));
  }
}
