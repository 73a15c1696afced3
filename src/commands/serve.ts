import { type App, createApp } from '../app.js';
import { type Config, loadConfig } from '../config.js';
import { createLogger, type Logger } from '../operations/logging.js';
import { type Environment, fail } from './command.js';

/** Runs the service until a signal stops it; resolves when it is ready. */
export async function serve(env: Environment): Promise<void> {
  const config = loadConfig(env);
  const log = createLogger(config);
  const starting = createApp(config, { log });
  stopOnSignals(starting, log);
  const app = await starting;
  tellHowToBegin(app, config, log);
  log.info(`Gatehouse is ready at ${config.publicUrl ?? app.url}/graphql`);
}

/** A terminal's Ctrl-C reaches us twice, from the terminal and from npm: the second must not cut the first short. */
function stopOnSignals(starting: Promise<App>, log: Logger): void {
  let isStopping = false;
  const stop = async (signal: string) => {
    log.info(`${signal}: stopping`);
    await (await starting).close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!isStopping) void stop(signal).catch(fail);
      isStopping = true;
    });
  }
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
