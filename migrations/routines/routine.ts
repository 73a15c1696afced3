/** A function of the database. */
export interface Routine {
  readonly name: string;
  readonly purpose: string;
  /** The statement that makes it. */
  readonly create: string;
}

export interface Trigger extends Routine {
  readonly table: string;
}
