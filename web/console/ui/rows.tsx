import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { onKey } from './row-keys';
import { Busy, Failed } from './states';
import { useIsNarrow } from './use-is-narrow';
import type { Pages } from './use-pages';

export interface Column<Row> {
  readonly key: string;
  /** Of the column's head, which needs a name also where it looks empty. */
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** A track of `grid-template-columns`, such as `minmax(8rem, 2fr)` or `6rem`. */
  readonly width: string;
  /** On narrow screens, if it is another one there. */
  readonly narrowWidth?: string;
  /** Left out on narrow screens. */
  readonly isSecondary?: boolean;
}

/** Which rows are chosen, by their keys. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

export interface RowsProps<Row> {
  /** Accessible name of the list. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: Pages<Row>;
  readonly keyOf: (row: Row) => string;
  /** Enter, or a click. */
  readonly onOpen?: (row: Row) => void;
  readonly selection?: Selection;
  /** In place of rows when there are none. */
  readonly empty: ReactNode;
  /** In pixels; every row is as high, and on narrow screens at least two lines. */
  readonly rowHeight?: number;
}

/**
 * A long list as a grid (WAI-ARIA): only rows in view are in the document, which a table could not place, and the next page is
 * read before its end comes into view. The list takes the focus as a whole: arrows or j and k move, Home and End, Page up and down; Enter opens, space or x
 * chooses, Ctrl-A chooses all that are loaded.
 */
export function Rows<Row>(props: RowsProps<Row>) {
  const { label, columns, pages, keyOf, onOpen, selection, empty, rowHeight: wideHeight = 38 } = props;
  // Two lines fit then.
  const rowHeight = useIsNarrow() ? Math.max(wideHeight, 54) : wideHeight;
  const { rows, total, hasMore, isLoading, error, loadMore, reload } = pages;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every row is measured anew when the height changes
  useEffect(() => virtual.measure(), [rowHeight]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoading && !error && last >= rows.length - 20) loadMore();
  }, [hasMore, isLoading, error, last, rows.length, loadMore]);
  const active = Math.min(at, rows.length - 1);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const done = onKey(event, { ...props, active, move, page: Math.max(1, shown.length - 14) });
    if (done) event.preventDefault();
  };
  if (rows.length === 0 && error) return <Failed error={error} onRetry={reload} />;
  if (rows.length === 0) return isLoading ? <Busy /> : empty;
  const tracks = tracksOf(columns);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total ?? (hasMore ? -1 : rows.length + 1)}
      aria-multiselectable={selection ? true : undefined}
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      aria-busy={isLoading}
      tabIndex={0}
      className="rows"
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className="row-line head" style={tracks}>
        {columns.map(({ key, title, isSecondary }) => (
          <div key={key} role="columnheader" className={isSecondary ? 'secondary' : undefined}>
            {title}
          </div>
        ))}
      </div>
      <div role="rowgroup" className="row-space" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows[index] as Row;
          const key = keyOf(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
            <div
              key={key}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selection?.chosen.has(key)}
              className={index === active ? 'row-line active' : 'row-line'}
              style={{ ...tracks, height: rowHeight, transform: `translateY(${start}px)` }}
              onClick={(event) => {
                setAt(index);
                // Links and boxes in a cell do what they say.
                if (!(event.target as Element).closest('a, button, input')) onOpen?.(row);
              }}
            >
              {columns.map(({ key: column, cell, isSecondary }) => (
                <div key={column} role="gridcell" className={isSecondary ? 'secondary' : undefined}>
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {error && <Failed error={error} onRetry={loadMore} />}
    </div>
  );
}

/** Tracks of the columns, and of those that narrow screens show, for the style. */
function tracksOf<Row>(columns: readonly Column<Row>[]): CSSProperties {
  const narrow = columns.filter(({ isSecondary }) => !isSecondary);
  const tracks = {
    '--tracks': columns.map(({ width }) => width).join(' '),
    '--narrow-tracks': narrow.map(({ width, narrowWidth = width }) => narrowWidth).join(' '),
  };
  return tracks as CSSProperties;
}
