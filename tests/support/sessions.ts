import { type Harness, password } from './harness.js';

/** Opens a session and ends it. A stream that has begun tells of both; an account can have few sessions at a time. */
export async function signInAndOut(harness: Harness, username: string): Promise<void> {
  const client = harness.client();
  await client.login(username, password);
  await client.ask('mutation { logout { errors { code } } }');
}
