import type { App } from '../app.js';
import { type Config, loadConfig } from '../config.js';
import { createLogger, type Logger } from '../operations/logging.js';
import { type Environment, fail } from './command.js';

/** Runs the service until SIGINT, SIGTERM or SIGHUP. Resolves when it is ready, or when the start was aborted by a signal. */
export async function serve(env: Environment): Promise<void> {
  const config = loadConfig(env);
  const log = createLogger(config);
  // Loaded only with a valid configuration: it takes seconds on a slow machine, a mistyped variable is told before.
  const { createApp } = await import('../app.js');
  const stop = new AbortController();
  const starting = createApp(config, { log, signal: stop.signal });
  stopOnSignals(starting, stop, log);
  const app = await starting.catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  if (!app) return;
  tellHowToBegin(app, config, log);
  log.info(`Gatehouse is ready at ${config.publicUrl ?? app.url}/graphql`);
}

/**
 * Stops the service on a signal, also during its start. Further signals are ignored: Ctrl-C arrives twice, from the
 * terminal and from npm, and the second one must not cut the shutdown short.
 */
function stopOnSignals(starting: Promise<App>, stop: AbortController, log: Logger): void {
  const end = async () => {
    const app = await starting.catch((error) => {
      if (error !== stop.signal.reason) throw error;
    });
    await app?.close();
    process.exit(0);
  };
  // SIGHUP comes when the terminal closes. Node resets `nohup`, so without this the embedded database would be left running.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      log.info(`${signal}: stopping`);
      stop.abort();
      void end().catch(fail);
    });
  }
}

function tellHowToBegin({ firstAdministrator }: App, config: Config, log: Logger): void {
  if (!config.mail.smtpUrl)
    log.warn(`SMTP_URL is not set: mail is written to files in ${config.dataDir}/mail. For development only.`);
  if (firstAdministrator.kind === 'none') log.warn('There is no administrator. Make one with: gatehouse admin create');
  if (firstAdministrator.kind === 'generated') {
    // Written to the terminal only: logs are kept, and the password must be shown just once.
    process.stdout.write(
      `\nFirst administrator: ${firstAdministrator.username}\nPassword:            ${firstAdministrator.password}\nIt is not shown again.\n\n`,
    );
  }
}
