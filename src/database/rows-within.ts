import type { EntityManager } from '@mikro-orm/postgresql';

/** A statement with numbered parameters, as database.sql takes them, inside a transaction of the ORM. */
export function rowsWithin<Row>(em: EntityManager, text: string, values: readonly unknown[]): Promise<Row[]> {
  const inOrder: unknown[] = [];
  const unnumbered = text.replaceAll(/\$(\d+)/g, (_placeholder, number: string) => {
    inOrder.push(values[Number(number) - 1]);
    return '?';
  });
  return em.execute(unnumbered, inOrder);
}
