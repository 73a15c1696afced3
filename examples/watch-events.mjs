// Signs in and prints each security event as one JSON line when it happens, until Ctrl-C:
//   node examples/watch-events.mjs [username] [url]
// Asks for the password, or reads it from a pipe. After a break in the connection it first prints the events that were
// missed.
import { createInterface } from 'node:readline/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [username = 'admin', url = 'http://localhost:4000'] = process.argv.slice(2);

const question = createInterface({ input: process.stdin, output: process.stderr });
const password = await question.question(`Password of ${username}: `);
question.close();

const signIn = `mutation ($input: LoginInput!) {
  login(input: $input) { result { __typename ... on Authentication { accessToken } } errors { message } }
}`;
const subscription = `subscription ($after: String) {
  securityEvents(after: $after) { cursor type occurredAt actor { username } subject { username } }
}`;

const response = await fetch(`${url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: signIn, variables: { input: { identifier: username, password } } }),
});
const { data, errors } = await response.json();
const accessToken = data?.login?.result?.accessToken;
if (!accessToken) {
  const problems = errors ?? data?.login?.errors ?? [];
  const reason = problems[0]?.message ?? 'a second factor is on: this example asks for none';
  process.stderr.write(`Not signed in: ${reason}\n`);
  process.exit(1);
}

const client = createClient({
  url: `${url.replace(/^http/, 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  // The payload of connection_init: browsers cannot set headers on a websocket.
  connectionParams: { authorization: `Bearer ${accessToken}` },
  retryAttempts: 100,
  // Also while the service cannot be reached; by default graphql-ws gives up then.
  shouldRetry: () => true,
});
client.on('connected', () => process.stderr.write('Watching.\n'));

let cursor = null;
client.subscribe(
  {
    query: subscription,
    // A getter, because graphql-ws reads the variables anew for each connection: after a break the service first sends
    // the events that were missed.
    get variables() {
      return { after: cursor };
    },
  },
  {
    next: ({ data: event, errors: refused }) => {
      if (refused) process.stderr.write(`${refused[0].message}\n`);
      const happened = event?.securityEvents;
      if (!happened) return;
      cursor = happened.cursor;
      process.stdout.write(`${JSON.stringify(happened)}\n`);
    },
    error: (reason) => {
      process.stderr.write(`It ended: ${reason?.reason ?? reason?.[0]?.message ?? reason}\n`);
      process.exit(1);
    },
    complete: () => process.exit(0),
  },
);
