import type { z } from 'zod';
import { databaseUrls } from '../config-values.js';
import { mistypedNames } from '../mistyped-names.js';
import { type Environment, variables } from './environment.js';
import { administratorVariables } from './first-administrator.js';
import { fileVariables, isGiven } from './variables-from-files.js';

// Each fault is one line that begins with the name of the variable.

/** Variables that nothing reads, and whose names are nearly those of ours. */
export const mistypedFaults = (env: Environment): string[] =>
  [...mistypedNames(Object.keys(env), variables, fileVariables)].map(
    ([name, meant]) => `${name}: nothing reads this; is it meant for ${meant}?`,
  );

/** One line for each variable, whatever is wrong with it. The schema's messages never repeat a value. */
export function invalidFaults({ issues }: z.ZodError): string[] {
  const messages = new Map<string, Set<string>>();
  for (const { path, message } of issues) {
    const name = String(path[0]);
    messages.set(name, (messages.get(name) ?? new Set()).add(message));
  }
  return [...messages].map(([name, found]) => `${name}: ${[...found].join(', ')}`);
}

/** Variables that are required, or missing beside others. One that is given by a file counts, even if that is unusable. */
export function missingFaults(env: Environment): string[] {
  const faults: string[] = [];
  if (env['NODE_ENV'] === 'production' && !isGiven(env, 'APP_SECRET'))
    faults.push('APP_SECRET: is required when NODE_ENV is production');
  const given = administratorVariables.filter((name) => isGiven(env, name));
  if (given.length > 0 && given.length < administratorVariables.length)
    faults.push(`${administratorVariables.join(', ')}: set all three or none`);
  if (databaseUrls.safeParse(env['DATABASE_REPLICA_URLS']).success && !isGiven(env, 'DATABASE_URL'))
    faults.push('DATABASE_REPLICA_URLS: needs DATABASE_URL, whose replicas they are');
  return [...faults, ...documentFaults(env)];
}

function documentFaults({ TRUSTED_DOCUMENTS_MODE: mode = 'enforce', ...env }: Environment): string[] {
  const isLogged = mode === 'log';
  if (!isGiven(env, 'TRUSTED_DOCUMENTS')) return isLogged ? ['TRUSTED_DOCUMENTS_MODE: needs TRUSTED_DOCUMENTS'] : [];
  if (isLogged || env['PLAYGROUND'] !== 'on') return [];
  return ['PLAYGROUND: cannot be on while TRUSTED_DOCUMENTS are enforced, which refuses what it sends'];
}
