import { type App, createApp } from './app.js';
import { type Config, ConfigError, loadConfig } from './config.js';
import { DataDirectoryInUseError } from './database/embedded-postgres.js';
import { Refusal } from './errors.js';
import { createLogger, type Logger } from './operations/logging.js';

/** Runs the service until it is told to stop. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(config);
  const starting = createApp(config, { log });
  stopOnSignals(starting, log);
  const app = await starting;
  tellHowToBegin(app, config, log);
  log.info(`Gatehouse is ready at ${config.publicUrl ?? app.url}/graphql`);
}

function stopOnSignals(starting: Promise<App>, log: Logger): void {
  const stop = async (signal: string) => {
    log.info(`${signal}: stopping`);
    await (await starting).close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal).catch(fail));
}

function tellHowToBegin({ firstAdministrator }: App, config: Config, log: Logger): void {
  if (!config.mail.smtpUrl)
    log.warn(`SMTP_URL is not set: mail is written to files in ${config.dataDir}/mail. For development only.`);
  if (firstAdministrator.kind === 'none') log.warn('There is no administrator. Make one with: gatehouse admin create');
  if (firstAdministrator.kind === 'generated') {
    // Straight to the terminal: a log is kept, and this is shown once.
    process.stdout.write(
      `\nFirst administrator: ${firstAdministrator.username}\nPassword:            ${firstAdministrator.password}\nIt is not shown again.\n\n`,
    );
  }
}

/** What an operator can mend is told in a line, and anything else with its trace. */
function fail(error: unknown): void {
  process.stderr.write(`Gatehouse cannot start: ${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `port ${'port' in error ? error.port : ''} is already in use; set PORT to another.`;
  if ('code' in error && error.code === 'ECONNREFUSED') return 'the database does not answer at DATABASE_URL.';
  const isKnown = error instanceof ConfigError || error instanceof DataDirectoryInUseError || error instanceof Refusal;
  return isKnown ? error.message : (error.stack ?? error.message);
}

await main().catch(fail);
