import type { Environment } from './environment.js';

const read = new WeakMap<Environment, ReadonlySet<string>>();

/** Remembers which variables of this environment come from the file `.env`. */
export function noteDotEnv(env: Environment, names: readonly string[]): void {
  read.set(env, new Set(names));
}

/** Whether a variable of this environment comes from the file `.env`. A copy of the environment does not tell. */
export const isFromDotEnv = (env: Environment, name: string): boolean => read.get(env)?.has(name) ?? false;
