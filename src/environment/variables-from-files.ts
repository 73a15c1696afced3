import { type Environment, variables } from './environment.js';
import { textIn } from './text-file.js';

/** The variable that names a file with the value of another one. */
const fileVariable = (name: string): string => `${name}_FILE`;

/**
 * Names of the variables that may stand for others: `APP_SECRET_FILE`, and `LOG_FILE_FILE` for `LOG_FILE`. A variable in
 * its own right, such as `LOG_FILE`, is none of them.
 */
export const fileVariables: readonly string[] = variables.map(fileVariable).filter((name) => !variables.includes(name));

/** Whether a variable is set, itself or by a file. */
export const isGiven = (env: Environment, name: string): boolean => Boolean(env[name] || env[fileVariable(name)]);

/** The environment without these variables, given by themselves or by files. */
export function without(env: Environment, names: readonly string[]): Environment {
  const dropped = new Set(names.flatMap((name) => [name, fileVariable(name)]));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.has(name)));
}

export interface WithFiles {
  readonly values: Environment;
  /** One line each. Names the variable and the file, never what it holds. */
  readonly faults: readonly string[];
}

/** Sets `X` to what the file named by `X_FILE` holds, as Docker and Kubernetes hand over secrets. */
export function withFiles(env: Environment): WithFiles {
  const values = { ...env };
  const faults: string[] = [];
  for (const name of variables) {
    const pointer = fileVariable(name);
    const path = fileVariables.includes(pointer) ? env[pointer] : undefined;
    if (!path) continue;
    try {
      if (env[name]) throw new Error(`${name} is set as well; set one of the two`);
      values[name] = valueIn(path);
    } catch (error) {
      faults.push(`${pointer}: ${(error as Error).message}`);
    }
  }
  return { values, faults };
}

/** NODE_ENV, also where a file gives it; `development` without one. */
export const modeOf = ({ NODE_ENV, NODE_ENV_FILE }: Environment): string =>
  withFiles({ NODE_ENV, NODE_ENV_FILE }).values['NODE_ENV'] || 'development';

/** An empty file is a fault: a secret that did not arrive must not count as one that nobody wants to set. */
function valueIn(path: string): string {
  const problem = (words: string) => new Error(`${looksLikePath.test(path) ? path : 'the file'} ${words}`);
  try {
    const text = textIn(path).replace(/(?:\r?\n)+$/, '');
    if (text !== '') return text;
  } catch (error) {
    throw problem((error as Error).message);
  }
  throw problem('is empty');
}

/** Other texts are not repeated: somebody may have set the secret itself. */
const looksLikePath = /^(?:\.{0,2}\/|[A-Za-z]:[\\/])[^\p{Cc}]{0,200}$/u;
