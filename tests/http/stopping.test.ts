import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

const login = `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { errors { code } } }`;

const post = (query: string) => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
/** Opens a connection and collects what the server sends until it closes it. */
function open(url: string) {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk;
  });
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  socket.on('error', () => undefined);
  return { socket, closed };
}

/** Status and body of each response on one connection. */
const answersIn = (text: string) =>
  text
    .split(/(?=HTTP\/1\.1 \d{3})/)
    .map((one) => ({ status: Number(one.slice(9, 12)), body: one.slice(one.indexOf('\r\n\r\n') + 4) }));

test('what comes while the service stops is refused in the envelope of all errors; what was under way is finished', async () => {
  const harness = await Harness.start();
  const app = await harness.another();
  const locker = new pg.Client({ connectionString: harness.databaseUrl });
  await locker.connect();
  await locker.query('begin; lock table sessions in exclusive mode');
  const late = [post('{ viewer { id } }'), get('/health/ready'), get('/nothing')];
  const lines = late.map(() => open(app.url));
  for (const { socket } of lines) socket.write(post(login));
  await eventually(async () => {
    await locker.query('select pg_stat_clear_snapshot()');
    const { rows } = await locker.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into sessions%'`,
    );
    return rows.length >= late.length;
  });
  const unused = open(app.url);
  await eventually(() => !unused.socket.connecting);
  // What has come on another connection has been accepted after it.
  await fetch(`${app.url}/health/live`);
  const stopped = app.close();
  lines.forEach(({ socket }, n) => void socket.write(late[n] ?? ''));
  await eventually(() =>
    fetch(`${app.url}/health/live`).then(
      () => false,
      () => true,
    ),
  );
  // It does not wait for the requests, which would be cut off before it.
  await unused.closed;
  await locker.query('rollback');
  const texts = await Promise.all(lines.map(({ closed }) => closed));
  await stopped;
  await locker.end();
  const answers = texts.map(answersIn);
  for (const [first] of answers) expect(first?.body).toContain('"errors":[]');
  for (const [, second] of answers) {
    expect(second?.status).toBe(503);
    expect(JSON.parse(second?.body ?? '')).toEqual({
      errors: [
        { message: expect.any(String), extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: expect.any(Number) } },
      ],
    });
  }
});
