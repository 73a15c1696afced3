import { later, type WalPosition } from './wal-position.js';

/** What a user has written. */
interface Entry {
  /** How many readings of the primary had begun by then. */
  readonly begun: number;
  /** A place behind the write; undefined until a reading that has begun after it is known. */
  readonly behind: WalPosition | undefined;
}

/**
 * How far a replica must be, for a user to see there what they have written. A write is noted without its place in the
 * log: the next reading of the primary, which begins after it, gives one that is behind it.
 */
export class OwnWrites {
  private readonly entries = new Map<string, Entry>();
  private begun = 0;
  private changes = 0;
  /** Where a replica must be for anybody; undefined while that is not known. */
  private floor: WalPosition | undefined;
  private floorBegun = 0;

  /** Changes with each write that is noted. */
  get version(): number {
    return this.changes;
  }

  /** Call when the user has committed something, in any process. */
  note(userId: string): void {
    this.changes += 1;
    this.entries.set(userId.toLowerCase(), { begun: this.begun, behind: undefined });
  }

  /** Call when writes may have been missed: everybody may have written until now. */
  forgetAll(): void {
    this.entries.clear();
    this.floor = undefined;
    this.floorBegun = this.begun;
  }

  /** Call before the primary is asked where it is. @returns the number of this reading */
  begin(): number {
    this.begun += 1;
    return this.begun;
  }

  /** @param position where the primary was at a reading, or later than that */
  learn(reading: number, position: WalPosition): void {
    if (this.floor === undefined && this.floorBegun < reading) this.floor = position;
    for (const [userId, { begun, behind }] of this.entries)
      if (behind === undefined && begun < reading) this.entries.set(userId, { begun, behind: position });
  }

  /**
   * Forgets the writes that every replica in use has. One that comes into use later must have them, too.
   * @param position where the last of these replicas is; undefined: none is in use
   */
  settle(position: WalPosition | undefined): void {
    if (this.floor === undefined) return;
    for (const [userId, { behind }] of this.entries) {
      if (behind === undefined || (position !== undefined && behind > position)) continue;
      this.floor = later(this.floor, behind);
      this.entries.delete(userId);
    }
  }

  /** @returns where a replica must be for this user; undefined: only the primary will do */
  needs(userId: string): WalPosition | undefined {
    const entry = this.entries.get(userId.toLowerCase());
    if (this.floor === undefined) return undefined;
    if (!entry) return this.floor;
    return entry.behind === undefined ? undefined : later(this.floor, entry.behind);
  }
}
