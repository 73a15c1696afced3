import { type Effort, watching } from './measure.js';
import { password } from './seed.js';
import type { Stage } from './stage.js';

/** A binding of Argon2, by itself in the floor's process. */
export interface Alone {
  readonly binding: string;
  /** How many hashes at once. */
  readonly concurrency: number;
}

export interface Verified extends Effort {
  /** Passwords. */
  readonly perSecond: number;
}

/** Verifies passwords by a binding alone, with the same hash as the service. */
export const verified = (stage: Stage, alone: Alone, seconds: number): Promise<Verified> =>
  watching(stage.floor.child, async () => {
    const terms = { ...alone, hash: stage.passwordHash, password, seconds };
    return { perSecond: await stage.floor.child.ask('verify', terms) };
  });

type Tried = Alone & Verified;

/** Tries each binding that loads on this machine, with several hashes at once. */
export async function tryAlone(stage: Stage, seconds: number): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const binding of await stage.floor.child.ask('bindings'))
    for (const concurrency of [1, 2, 4]) {
      const alone = { binding, concurrency };
      tried.push({ ...alone, ...(await verified(stage, alone, seconds)) });
    }
  return tried;
}

/** The fastest of what was tried. @param binding only of this one */
export function fastestOf(tried: readonly Tried[], binding?: string): Alone {
  const [best] = tried
    .filter((each) => binding === undefined || each.binding === binding)
    .sort((one, other) => other.perSecond - one.perSecond);
  if (!best) throw new Error(`${binding ?? 'Any binding of Argon2'} does not load`);
  return { binding: best.binding, concurrency: best.concurrency };
}
