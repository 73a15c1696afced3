import type { Sql } from '../database/sql.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import type { Found } from './sources/found.js';

/** The import that a file and its format stand for. */
export interface ImportKey {
  /** SHA-256 of the file. */
  readonly content: Buffer;
  readonly format: string;
}

interface Row {
  readonly place: string;
  readonly imported: string;
}

const read = `select place, imported from user_imports where content = $1 and format = $2`;
const begin = `insert into user_imports (content, format, started_at, updated_at) values ($1, $2, $3, $3)
  on conflict do nothing`;
const refusedPlaces = 'select place from user_import_refusals where content = $1 and format = $2';
/** Locks the row, so that of two imports of one file the other finds another place than it expects. */
const advance = `update user_imports set place = greatest(place, $4), imported = imported + $5, updated_at = $6
  where content = $1 and format = $2 and place = $3 and imported = $7 returning place`;
const unlist = `delete from user_import_refusals where content = $1 and format = $2 and place = any($3::bigint[])`;
const list = `insert into user_import_refusals (content, format, place)
  select $1, $2, unnest($3::bigint[]) on conflict do nothing`;

/**
 * How far the import of a file has got. Whatever lies behind `place` is still to be done, and so is what was refused before
 * it: the reason may be gone.
 */
export class ImportProgress {
  private constructor(
    private readonly key: ImportKey,
    private place: number,
    private count: number,
    private readonly refused: Set<number>,
    private readonly start: number,
  ) {}

  static async read(sql: Sql, key: ImportKey): Promise<ImportProgress> {
    const values = [key.content, key.format];
    const row = await sql.row<Row>(read, values);
    const places = await sql.rows<{ place: string }>(refusedPlaces, values);
    const place = Number(row?.place ?? 0);
    return new ImportProgress(
      key,
      place,
      Number(row?.imported ?? 0),
      new Set(places.map((one) => Number(one.place))),
      place,
    );
  }

  /** People of this file who were imported before this run and in it. */
  get imported(): number {
    return this.count;
  }

  isDone({ at }: Found): boolean {
    return at <= this.start && !this.refused.has(at);
  }

  /** Notes a batch in its transaction. @throws Refusal INVALID_INPUT when another process imports the same file */
  async note(
    tx: Transaction,
    now: Date,
    { taken, refused }: { readonly taken: readonly number[]; readonly refused: readonly number[] },
  ): Promise<() => void> {
    const { content, format } = this.key;
    const place = Math.max(this.place, ...taken, ...refused);
    const imported = this.count + taken.length;
    const values = [content, format, this.place, place, taken.length, now, this.count];
    if (!(await tx.row(advance, values)))
      throw refuse('INVALID_INPUT', 'This file is being imported by another process; wait for its end.');
    await tx.rows(unlist, [content, format, [...taken]]);
    await tx.rows(list, [content, format, [...refused]]);
    return () => {
      [this.place, this.count] = [place, imported];
    };
  }

  async begin(sql: Sql, now: Date): Promise<void> {
    await sql.rows(begin, [this.key.content, this.key.format, now]);
  }
}
