import { createApp } from '../src/app.js';
import { appSecretOf } from '../src/app-secret.js';
import { fail } from '../src/commands/command.js';
import { loadDotEnv } from '../src/commands/dot-env.js';
import { loadConfig } from '../src/config.js';
import { createLogger } from '../src/operations/logging.js';
import { SecretBox } from '../src/secrets.js';
import { introduction } from './introduction.js';
import { administrator, emailOf, passwordOf } from './people.js';
import { seed } from './seed.js';
import { developmentEnvironment } from './settings.js';
import { printStatements } from './statements.js';

// The service as it is shipped, with sample accounts: started and restarted by main.ts, or alone under a debugger.

const stop = new AbortController();

async function run(): Promise<void> {
  loadDotEnv(process.env);
  const config = loadConfig(developmentEnvironment(process.env));
  const log = createLogger(config);
  const asked = process.argv.find((arg) => arg.startsWith('--statements'));
  if (asked) printStatements((line) => log.info(line), asked.endsWith('=all'));
  const password = passwordOf(new SecretBox(await appSecretOf(config)), administrator.username);
  const { username } = administrator;
  const first = { username, email: emailOf(username), password };
  const starting = createApp({ ...config, administrator: first }, { log, signal: stop.signal });
  stop.signal.addEventListener('abort', () => void end(starting).catch(fail), { once: true });
  const app = await starting;
  process.stdout.write(introduction(await seed(app.services), config.dataDir));
  log.info(`Gatehouse is ready at ${config.publicUrl ?? app.url}/graphql`);
  process.send?.('ready');
}

async function end(starting: ReturnType<typeof createApp>): Promise<void> {
  const app = await starting.catch(() => undefined);
  await app?.close();
  process.exit(0);
}

// A terminal's Ctrl-C reaches this process and main.ts, which then sends SIGTERM: whatever comes second changes nothing.
// SIGHUP: the terminal is closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// When main.ts is killed, nothing it started is left running.
process.once('disconnect', () => stop.abort());

await run().catch((error: unknown) => {
  if (!stop.signal.aborted) fail(error);
});
