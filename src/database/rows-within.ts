import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Runs a statement with numbered parameters (`$1`), as `Sql` takes them, inside a transaction of the ORM, which only
 * knows `?`. A parameter may occur several times.
 */
export function rowsWithin<Row>(em: EntityManager, text: string, values: readonly unknown[]): Promise<Row[]> {
  const inOrder: unknown[] = [];
  const unnumbered = text.replaceAll(/\$(\d+)/g, (_placeholder, number: string) => {
    inOrder.push(values[Number(number) - 1]);
    return '?';
  });
  return em.execute(unnumbered, inOrder);
}
