import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from '../config.js';
import { noteDotEnv } from '../environment/dot-env-variables.js';
import { textIn } from '../environment/text-file.js';
import { fileVariables, isGiven, modeOf } from '../environment/variables-from-files.js';
import type { Environment } from './command.js';

const name = '.env';

/**
 * In development, adds the variables of the file `.env` in the working directory to the environment, as far as they are
 * not set there. With another NODE_ENV the file is not read.
 * @throws ConfigError for a file that cannot be read, and for lines that set nothing
 */
export function loadDotEnv(env: Record<string, string | undefined>, folder = '.'): void {
  const path = resolve(folder, name);
  if (modeOf(env) !== 'development' || !existsSync(path)) return;
  const text = textOf(path);
  const faults = faultsIn(text);
  const found = parseEnv(text);
  if (found['NODE_ENV'] !== undefined && found['NODE_ENV'] !== 'development')
    faults.push(`${name}: NODE_ENV: set it in the environment; this file is read in development only`);
  if (faults.length > 0) throw ConfigError.of(faults);
  const added = Object.entries(found).filter(([variable]) => !isSet(env, variable));
  Object.assign(env, Object.fromEntries(added));
  noteDotEnv(
    env,
    added.map(([variable]) => variable),
  );
}

/** Whether there is a file that is not read, because of NODE_ENV=production. */
export const ignoresDotEnv = (env: Environment): boolean => modeOf(env) === 'production' && existsSync(name);

/** `X` in the environment also wins over `X_FILE` in the file, and the other way round. An empty variable wins, too. */
function isSet(env: Environment, variable: string): boolean {
  const pointsTo = fileVariables.includes(variable) ? variable.replace(/_FILE$/, '') : variable;
  return env[variable] !== undefined || env[pointsTo] !== undefined || isGiven(env, pointsTo);
}

function textOf(path: string): string {
  try {
    return textIn(path);
  } catch (error) {
    throw new ConfigError(`${path} ${(error as Error).message}`);
  }
}

const quoted = /^([^#\n=]*=[^\S\n]*)(["'`])[\s\S]*?\2/gm;
const assignment = /^\s*(?:(?:export\s+)?[A-Za-z_]\w*\s*=|#|$)/;

/** Lines that set nothing, by number. Node would skip such a line together with the one that follows it. */
function faultsIn(text: string): string[] {
  const lines = text
    .replace(quoted, (all, begin: string) => begin + '\n'.repeat(all.split('\n').length - 1))
    .split('\n');
  const wrong = [...lines.keys()].filter((index) => !assignment.test(lines[index] ?? ''));
  return wrong.map((index) => `${name}: line ${index + 1} is not NAME=value`);
}
