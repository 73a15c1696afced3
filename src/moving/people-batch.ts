import type { Operation } from '../operation.js';
import type { CheckedPerson } from './checked-person.js';
import type { ImportProgress } from './import-progress.js';
import { insertPeople } from './insert-people.js';
import type { Problem } from './sources/found.js';
import {
  type NameTable,
  reservedAmong,
  type Statements,
  takenAmong,
  takenProblem,
  usernamesAmong,
} from './taken-identifiers.js';

/** A record at its place in the file: rows of an account, or why it is not taken. */
export interface Placed {
  readonly at: number;
  readonly person: CheckedPerson | Problem;
  /** The username may be made unique. */
  readonly isDerived?: boolean;
}

export interface Refused extends Problem {
  readonly at: number;
}

export interface Outcome {
  /** Places of those who were taken. */
  readonly taken: readonly number[];
  readonly refused: readonly Refused[];
}

const isProblem = (person: CheckedPerson | Problem): person is Problem => 'code' in person;

type Candidate = Placed & { readonly person: CheckedPerson };

/** Inserts those of a batch who can be, in one transaction with their events and the progress. */
export async function importBatch(
  operation: Operation,
  batch: readonly Placed[],
  progress: ImportProgress,
): Promise<Outcome> {
  const { database, clock } = operation.services;
  const { outcome, committed } = await database.transaction(async (tx) => {
    const { free, refused } = await sorted(tx, batch, clock.now(), 'users');
    const people = free.map(({ person }) => person);
    const inserted = people.length > 0 ? await insertPeople(tx, operation, people) : new Set();
    // Somebody else has taken something of theirs meanwhile.
    const late = free.filter(({ person }) => !inserted.has(person.user.id));
    const lateOnes = late.map(({ person }) => person);
    const why = await takenAmong(tx, lateOnes, 'users');
    const lost = late.map(({ at }, place) => ({ at, ...(why.get(place) ?? takenProblem('USERNAME_TAKEN')) }));
    const taken = free.filter(({ person }) => inserted.has(person.user.id)).map(({ at }) => at);
    const outcome: Outcome = { taken, refused: [...refused, ...lost].sort((one, other) => one.at - other.at) };
    const places = { taken, refused: outcome.refused.map(({ at }) => at) };
    return { outcome, committed: await progress.note(tx, clock.now(), places) };
  });
  committed();
  return outcome;
}

const remember = `insert into import_names (id, username, email)
  select id, username, email from jsonb_to_recordset($1::jsonb) as p (id uuid, username text, email text)`;

/** Says what `importBatch` would do. @param to a connection with the table `import_names` of what the file has had before */
export async function rehearseBatch(to: Statements, batch: readonly Placed[], now: Date): Promise<Outcome> {
  const { free, refused } = await sorted(to, batch, now, 'users', 'import_names');
  await to.rows(remember, [JSON.stringify(free.map(({ person }) => person.user))]);
  return { taken: free.map(({ at }) => at), refused };
}

/** Separates those who can be inserted from those who cannot. */
async function sorted(
  to: Statements,
  batch: readonly Placed[],
  now: Date,
  ...tables: readonly NameTable[]
): Promise<{ readonly free: Candidate[]; readonly refused: Refused[] }> {
  const refused = batch.flatMap(({ at, person }) => (isProblem(person) ? [{ at, ...person }] : []));
  const checked = batch.filter((placed): placed is Candidate => !isProblem(placed.person));
  const candidates = await withFreeNames(to, checked, tables);
  const people = candidates.map(({ person }) => person);
  if (people.length === 0) return { free: [], refused };
  const found = await Promise.all(tables.map((table) => takenAmong(to, people, table)));
  const problems = [...found, await reservedAmong(to, people, now)];
  const seen = new Seen();
  const free: Candidate[] = [];
  for (const [place, candidate] of candidates.entries()) {
    const why = problems.map((those) => those.get(place)).find(Boolean) ?? seen.problemOf(candidate.person);
    if (why) refused.push({ at: candidate.at, ...why });
    else {
      seen.add(candidate.person);
      free.push(candidate);
    }
  }
  return { free, refused: refused.sort((one, other) => one.at - other.at) };
}

/** Adds the end of the id to derived usernames that somebody has. */
async function withFreeNames(to: Statements, batch: readonly Candidate[], tables: readonly NameTable[]) {
  const derived = batch.filter(({ isDerived }) => isDerived).map(({ person }) => person.user.username);
  if (derived.length === 0) return batch;
  const used = new Set<string>();
  for (const table of tables) for (const name of await usernamesAmong(to, derived, table)) used.add(name);
  return batch.map((placed) => {
    const { user } = placed.person;
    const isFree = !placed.isDerived || !used.has(user.username);
    const username = isFree ? user.username : `${user.username}-${user.id.slice(-6)}`;
    used.add(username);
    return isFree ? placed : { ...placed, person: { ...placed.person, user: { ...user, username } } };
  });
}

/** What belongs to somebody earlier in the batch. */
class Seen {
  private readonly ids = new Set<string>();
  private readonly usernames = new Set<string>();
  private readonly emails = new Set<string>();

  problemOf({ user: { id, username, email } }: CheckedPerson): Problem | undefined {
    if (this.ids.has(id)) return takenProblem('ID_TAKEN');
    if (this.usernames.has(username)) return takenProblem('USERNAME_TAKEN');
    return this.emails.has(email) ? takenProblem('EMAIL_TAKEN') : undefined;
  }

  add({ user: { id, username, email } }: CheckedPerson): void {
    this.ids.add(id);
    this.usernames.add(username);
    this.emails.add(email);
  }
}
