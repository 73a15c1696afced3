import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { checkedPerson } from './checked-person.js';
import { ImportProgress } from './import-progress.js';
import { importRole } from './import-role.js';
import { KnownRoles } from './known-roles.js';
import { importBatch, type Outcome, type Placed, type Refused, rehearseBatch } from './people-batch.js';
import { recordIds } from './record-ids.js';
import { headShape } from './record-shapes.js';
import { rehearsing } from './rehearsal.js';
import type { Found, Source } from './sources/found.js';
import type { SourceFile } from './sources/source-file.js';
import type { Statements } from './taken-identifiers.js';
import type { Terms } from './terms.js';

export interface Import {
  readonly file: SourceFile;
  readonly format: string;
  readonly source: Source;
  /** Checks everything, changes nothing. */
  readonly isDry: boolean;
  readonly allowAdministrators: boolean;
  /** Called for each record that is not taken, in the order of the file. */
  readonly onRefused: (refused: Refused) => void;
  /** @param done records that have been read */
  readonly onProgress: (done: number) => void;
}

export interface Summary {
  /** In this run. */
  readonly imported: number;
  readonly refused: number;
  /** Imported by an earlier run of the same file. */
  readonly earlier: number;
}

/** People who are inserted by one transaction. */
const batchSize = 1000;
/** Text of the records of a batch, in characters. Bounds memory where lines are long. */
const batchText = 8 * 1024 * 1024;

/**
 * Takes the people of a file. What cannot be used is refused alone. A file that was interrupted goes on behind what was
 * committed, and one that is given again is only asked for what was refused.
 * @throws Refusal INVALID_INPUT when another process imports the same file, or the file is of a later version
 */
export async function importUsers(operation: Operation, work: Import): Promise<Summary> {
  const { database, clock, config } = operation.services;
  const progress = await ImportProgress.read(database.sql, { content: work.file.content, format: work.format });
  const terms: Terms = {
    ids: recordIds(work.file.content),
    roles: await KnownRoles.read(database.sql),
    allowAdministrators: work.allowAdministrators,
    argon2: config.argon2,
    now: clock.now(),
  };
  if (work.isDry) return rehearsing(database.sql, (to) => new Run(operation, work, terms, progress, to).toEnd());
  await progress.begin(database.sql, clock.now());
  const summary = await new Run(operation, work, terms, progress).toEnd();
  // Otherwise statements are planned as if the tables were still small, until autovacuum comes round.
  if (summary.imported >= batchSize) await database.sql.rows('analyze users, role_grants, account_states', [], 'fresh');
  return summary;
}

class Run {
  private readonly batch: Placed[] = [];
  private text = 0;
  private readonly summary = { imported: 0, refused: 0, earlier: 0 };

  constructor(
    private readonly operation: Operation,
    private readonly work: Import,
    private readonly terms: Terms,
    private readonly progress: ImportProgress,
    /** For a run that changes nothing. */
    private readonly rehearsal?: Statements,
  ) {
    this.summary.earlier = progress.imported;
  }

  async toEnd(): Promise<Summary> {
    const { source, file, onProgress } = this.work;
    let done = 0;
    for await (const found of source(file)) {
      await this.take(found);
      onProgress(++done);
    }
    await this.flush();
    return this.summary;
  }

  private async take(found: Found): Promise<void> {
    if (!('value' in found)) return this.keep(found, found.problem);
    const type = typeIn(found.value);
    if (type === 'gatehouse') return assertVersion(found.value);
    if (type === 'role') return this.takeRole(found.at, found.value);
    if (!this.progress.isDone(found)) await this.keep(found, checkedPerson(found.value, this.terms));
  }

  /** A role is looked at in each run, because people name it. One that is there already stays as it is. */
  private async takeRole(at: number, value: unknown): Promise<void> {
    await this.flush();
    const fault = await importRole(this.operation, value, this.terms, this.rehearsal !== undefined);
    if (fault) this.refuse({ at, ...fault });
  }

  private async keep(found: Found, person: Placed['person']): Promise<void> {
    if (this.progress.isDone(found)) return;
    const isDerived = 'isDerived' in found && found.isDerived === true;
    this.batch.push({ at: found.at, person, isDerived });
    this.text += 'size' in found ? (found.size ?? 0) : 0;
    if (this.batch.length >= batchSize || this.text >= batchText) await this.flush();
  }

  private async flush(): Promise<void> {
    const batch = this.batch.splice(0);
    this.text = 0;
    if (batch.length === 0) return;
    const { taken, refused } = await this.send(batch);
    this.summary.imported += taken.length;
    for (const each of refused) this.refuse(each);
  }

  private send(batch: readonly Placed[]): Promise<Outcome> {
    return this.rehearsal
      ? rehearseBatch(this.rehearsal, batch, this.terms.now)
      : importBatch(this.operation, batch, this.progress);
  }

  private refuse(refused: Refused): void {
    this.summary.refused += 1;
    this.work.onRefused(refused);
  }
}

const typeIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;

function assertVersion(value: unknown): void {
  if (!headShape.safeParse(value).success)
    throw refuse('INVALID_INPUT', 'The file is of a version of the format that this program does not know.');
}
