import type { App } from '../app.js';
import { seconds } from '../clock.js';
import { type Config, ConfigError, loadConfig } from '../config.js';
import { demoEnvironment } from '../demo/demo-environment.js';
import { introduction } from '../demo/introduction.js';
import { startEarly } from '../early-start.js';
import { keepLoaded, mapStacks } from '../loading/load.js';
import type { Overrides } from '../open-services.js';
import { isLevel, LogLevel } from '../operations/log-level.js';
import { createLogger, type Logger } from '../operations/logging.js';
import { type Environment, fail } from './command.js';
import { ignoresDotEnv } from './dot-env.js';

const demo = '--demo';

/**
 * Runs the service until SIGINT, SIGTERM or SIGHUP. SIGUSR2 makes the log one level more talkative. Resolves when it is ready, or when the start was aborted by a signal.
 * @param args of the command line: none, or `--demo`
 * @param building the build of the pages, if there is one under way: whether it succeeds
 * @throws ConfigError for another argument, and where the demo must not run
 */
export async function serve(
  env: Environment,
  args: readonly string[] = [],
  building?: Promise<boolean>,
): Promise<void> {
  const unknown = args.find((arg) => arg !== demo);
  if (unknown !== undefined)
    throw new ConfigError(`Nothing reads the argument ${JSON.stringify(unknown)}; known is ${demo}.`);
  const isDemo = args.includes(demo);
  const config = loadConfig(isDemo ? demoEnvironment(env) : env);
  const log = createLogger(config);
  if (ignoresDotEnv(env)) log.warn('.env is not read: NODE_ENV is production.');
  const level = new LogLevel(log, config.log.level);
  process.on('SIGUSR2', () => level.step());
  const stop = new AbortController();
  const start = isDemo ? startDemoOf : config.trustedDocuments ? startInOrder : startAtOnce;
  const overrides = { log, signal: stop.signal, ...(building && { building }) };
  const starting = start(config, overrides);
  stopOnSignals(starting, stop, log);
  const app = await starting.catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  if (!app) return;
  app.services.signals.on('log-level', (name) => {
    if (isLevel(name)) level.set(name);
  });
  tellHowToBegin(app, config, log);
  tellOfDemo(app, config);
  const url = config.publicUrl ?? app.url;
  if (app.metricsUrl) log.info(`Metrics are at ${app.metricsUrl}/metrics`);
  log.info(
    `Gatehouse is ready at ${url}/graphql${config.pages ? ` and, for browsers, at ${url}${building ? ', whose pages are being built' : ''}` : ''}`,
  );
  // After the first requests, so that what they have run is kept, too.
  setTimeout(() => void keepLoaded(), seconds(2)).unref();
}

/** What each way to start passes on. */
type Begun = Overrides & Required<Pick<Overrides, 'log' | 'signal'>>;

/** The service is loaded only with a valid configuration: a mistyped variable is told before. */
async function startDemoOf(config: Config, overrides: Begun): Promise<App> {
  const { startDemo } = await import('../demo/start-demo.js');
  mapStacks();
  return startDemo(config, overrides);
}

/** Nothing is made before all documents are known to be right, which only the loaded service can tell. */
async function startInOrder(config: Config, overrides: Begun): Promise<App> {
  const { createApp } = await import('../app.js');
  mapStacks();
  return createApp(config, overrides);
}

/** Loads the service while PostgreSQL starts. */
async function startAtOnce(config: Config, overrides: Begun): Promise<App> {
  const early = await startEarly(config, overrides.log, overrides.signal);
  try {
    const { createApp } = await import('../app.js');
    mapStacks();
    return await createApp(config, { ...overrides, ports: early.ports, openPostgres: early.openPostgres });
  } catch (error) {
    await early.undo();
    throw error;
  }
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

/** Written to the terminal only, as above. */
function tellOfDemo({ services, url }: App, config: Config): void {
  const { demoPeople } = services;
  if (demoPeople) process.stdout.write(introduction(config.publicUrl ?? url, demoPeople, config.dataDir));
}
