import type { KeyboardEvent } from 'react';
import type { RowsProps } from './rows';

interface Keyed<Row> extends RowsProps<Row> {
  readonly active: number;
  readonly move: (to: number) => void;
  /** Rows of a screenful. */
  readonly page: number;
}

/** What the keys of a list do; see `Rows`. @returns whether the key meant something */
export function onKey<Row>(
  event: KeyboardEvent,
  { active, move, page, pages, onOpen, selection, keyOf }: Keyed<Row>,
): boolean {
  // Keys of a control inside of a cell are its own.
  if (event.target !== event.currentTarget) return false;
  const { key, ctrlKey, metaKey, altKey } = event;
  const row = pages.rows[active];
  if ((ctrlKey || metaKey) && key === 'a' && selection) {
    selection.onChange(new Set(pages.rows.map(keyOf)));
    return true;
  }
  if (ctrlKey || metaKey || altKey) return false;
  const steps: Record<string, number> = {
    ArrowDown: active + 1,
    j: active + 1,
    ArrowUp: active - 1,
    k: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: pages.rows.length - 1,
  };
  const step = steps[key];
  if (step !== undefined) move(step);
  else if (key === 'Enter' && row && onOpen) onOpen(row);
  else if ((key === ' ' || key === 'x') && row && selection) selection.onChange(toggled(selection.chosen, keyOf(row)));
  else return false;
  return true;
}

/** @returns a copy with the key added, or taken away if it was there */
export function toggled(chosen: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(key)) next.add(key);
  return next;
}
