/** A place in the write-ahead log, which grows with each change of the database; see pg_lsn in PostgreSQL's manual. */
export type WalPosition = bigint;

/** Before all others. */
export const noPosition: WalPosition = 0n;

/** @param text as PostgreSQL writes it: `16/B374D848` */
export function positionOf(text: string): WalPosition {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

export const later = (one: WalPosition, other: WalPosition): WalPosition => (one > other ? one : other);
