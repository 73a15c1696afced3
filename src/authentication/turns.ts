const tails = new Map<string, { waiting: number; tail: Promise<unknown> }>();

/**
 * Runs work on one key one after another, in this process.
 * @param most how many may wait
 * @throws what `full` makes when more wait
 */
export async function inTurn<T>(key: string, most: number, full: () => Error, work: () => Promise<T>): Promise<T> {
  const line = tails.get(key) ?? { waiting: 0, tail: Promise.resolve() };
  if (line.waiting > most) throw full();
  line.waiting += 1;
  const turn = line.tail.then(work);
  line.tail = turn.catch(() => undefined);
  tails.set(key, line);
  try {
    return await turn;
  } finally {
    line.waiting -= 1;
    if (line.waiting === 0) tails.delete(key);
  }
}
