import { setTimeout as sleep } from 'node:timers/promises';
import { answer, usage } from './calls.js';
import { loginBody, post } from './requests.js';
import { password, username } from './seed.js';
import { tried } from './side.js';

// A process of its own that makes events at a steady rate: people who change their profiles.

const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }';

interface Writing {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
}

let tokens: string[] = [];

async function signIn({ port, people }: { readonly port: number; readonly people: number }): Promise<void> {
  tokens = [];
  for (let n = 1; n <= people; n += 1) {
    // Every third person has not confirmed their address, and cannot sign in.
    const { answer } = await tried(port, post('/graphql', loginBody(username(3 * n + 1), password)));
    tokens.push((answer as { data: { login: { result: { accessToken: string } } } }).data.login.result.accessToken);
  }
}

/** Each change has its place in time, so that a slow one delays no other. @returns how many were made */
async function write({ port, perSecond, seconds }: Writing): Promise<number> {
  const start = performance.now();
  const changes: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    await sleep(Math.max(0, start + (n * 1000) / perSecond - performance.now()));
    changes.push(change(port, n));
  }
  await Promise.all(changes);
  return changes.length;
}

async function change(port: number, n: number): Promise<void> {
  const body = JSON.stringify({ query, variables: { input: { bio: `No. ${n} of ${process.pid}` } } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[n % tokens.length]}` };
  const reply = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
  const { data } = (await reply.json()) as { data?: { updateProfile: { errors: unknown[] } } };
  if (data?.updateProfile.errors.length !== 0) throw new Error(`A change was answered with status ${reply.status}`);
}

const calls = { usage, signIn, write };
export type WriterCalls = typeof calls;

answer(calls);
