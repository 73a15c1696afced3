import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fail } from '../src/commands/command.js';
import { loadDotEnv } from '../src/commands/dot-env.js';
import { type Crash, ServiceProcess } from './service-process.js';
import { developmentEnvironment } from './settings.js';
import { watchFolders } from './watch-folders.js';

// npm run dev -- [--statements[=all]] [--inspect[=port]]: runs the service with sample accounts, builds it and starts it again when a
// source file changes, until Ctrl-C.

const args = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`dev: ${line}\n`);

let service: ServiceProcess | undefined;
let isStopping = false;
let restarts = 0;
/** The build and restart under way; at most one more waits for it. */
let restarting: Promise<void> = Promise.resolve();
let isQueued = false;

function start(): void {
  service = new ServiceProcess(args, afterCrash);
}

function afterCrash({ code, wasReady }: Crash): void {
  service = undefined;
  if (isStopping) return;
  // A first start that fails is wrongly configured, or its port is taken: no source file mends that.
  if (restarts === 0 && !wasReady) void stop(code ?? 1);
  else say(`the service ended with ${code ?? 'a signal'} and starts again when a source file changes`);
}

function queueRestart(): void {
  if (isQueued || isStopping) return;
  isQueued = true;
  restarting = restarting.then(() => {
    isQueued = false;
    return restart();
  });
}

async function restart(): Promise<void> {
  if (isStopping) return;
  say('a source file has changed; building');
  const isBuilt = await build();
  if (isStopping) return;
  if (!isBuilt) return say('the build failed; the service stays as it was');
  restarts += 1;
  await service?.stop();
  if (!isStopping) start();
}

/** A type error fails it. Detached, so that a terminal's Ctrl-C does not leave half a build behind. */
async function build(): Promise<boolean> {
  const child = spawn(process.execPath, ['build.mjs', 'dev/tsconfig.dev.json'], { stdio: 'inherit', detached: true });
  const [code] = await once(child, 'exit');
  return code === 0;
}

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  endWatch();
  await restarting;
  await service?.stop();
  process.exit(code);
}

try {
  loadDotEnv(process.env);
  developmentEnvironment(process.env);
} catch (error) {
  fail(error instanceof Error ? error.message : error);
}
const endWatch = watchFolders(['src', 'migrations'], queueRestart);
// SIGHUP: the terminal is closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
start();
