import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { hours } from '../../src/clock.js';
import type { Client } from '../support/client.js';
import { documented } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { Project } from '../support/project.js';
import { signInAndOut } from '../support/sessions.js';
import { TcpLine } from '../support/tcp-line.js';

type Follow = (
  url: string,
  accessToken: () => Promise<string>,
  onEvent: (event: { readonly cursor: string; readonly type: string }) => void,
  signal: AbortSignal,
  after?: string,
) => Promise<void>;

let harness: Harness;
let line: TcpLine;
let project: Project;
let follow: Follow;
let ada: Client;
let stop: AbortController;
beforeAll(async () => {
  const recipe = await documented('follow.ts');
  // As the page says for Node 20.
  const forNode = recipe.replace(/^ {4}url,$/m, '    url,\n    webSocketImpl: WebSocket,');
  project = await Project.make({ 'follow.ts': `import WebSocket from 'ws';\n${forNode}` });
  expect(await project.compile()).toBe('');
  ({ follow } = await project.load<{ follow: Follow }>('follow'));
  harness = await Harness.start();
  line = await TcpLine.to(harness.app.url);
  ada = await harness.person('ada');
});
afterAll(async () => {
  await line.close();
  await harness.close();
  await project.remove();
});
afterEach(() => stop.abort());

async function following(accessToken: () => Promise<string>) {
  stop = new AbortController();
  const cursors: string[] = [];
  const url = `${line.url.replace('http', 'ws')}/graphql`;
  const ended = follow(url, accessToken, ({ cursor }) => cursors.push(cursor), stop.signal).then(
    () => 'ended',
    (reason: unknown) => reason,
  );
  await eventually(async () => {
    await signInAndOut(harness, 'ada');
    return cursors.length > 0;
  });
  return { cursors, ended };
}

const stored = `query ($after: String, $subjectId: ID) {
  securityEvents(first: 100, after: $after, filter: { types: [LOGIN_SUCCEEDED, LOGOUT], subjectId: $subjectId }) {
    nodes { cursor }
  }
}`;

/** Reads the cursors of the events about sessions that were opened or ended since an event. */
async function storedSince(cursor: string | undefined, admin: Client): Promise<string[]> {
  const { data } = await admin.ask(stored, { after: cursor, subjectId: ada.userId });
  const nodes = data['securityEvents']?.['nodes'] as readonly { cursor: string }[] | undefined;
  return (nodes ?? []).map((event) => event.cursor);
}

test('the documented recipe goes on without a gap after a break, and after its token has expired', async () => {
  let tokens = 0;
  const { cursors, ended } = await following(async () => {
    const client = harness.client();
    await client.login('ada', password);
    tokens += 1;
    return String(client.token);
  });
  const caughtUp = async (connections: number) => {
    const admin = await harness.admin();
    await eventually(async () => {
      const wanted = await storedSince(cursors[0], admin);
      return tokens >= connections && cursors.length > wanted.length && isDeepStrictEqual(cursors.slice(1), wanted);
    });
  };
  line.cut();
  for (let n = 0; n < 3; n += 1) await signInAndOut(harness, 'ada');
  await eventually(() => line.refused > 0);
  line.mend();
  await caughtUp(2);
  harness.clock.advance(hours(2));
  await signInAndOut(harness, 'ada');
  await caughtUp(3);
  expect(tokens).toBeGreaterThanOrEqual(3);
  stop.abort();
  expect(await ended).toBe('ended');
}, 60_000);

test('the end of the session ends it, with a close code or a refusal', async () => {
  const client = harness.client();
  await client.login('ada', password);
  const { ended } = await following(async () => String(client.token));
  await client.ask('mutation { logout { session { id } } }');
  const reason = (await ended) as { code?: number } & { extensions: { code: string } }[];
  expect(['UNAUTHENTICATED', 4401]).toContain(reason.code ?? reason[0]?.extensions.code);
});

test('what `accessToken` rejects with ends it', async () => {
  stop = new AbortController();
  const url = `${line.url.replace('http', 'ws')}/graphql`;
  const signedOut = new Error('signed out');
  const ended = follow(
    url,
    () => Promise.reject(signedOut),
    () => undefined,
    stop.signal,
  );
  await expect(ended).rejects.toBe(signedOut);
});
