import type { ReactNode } from 'react';
import { Busy, Failed } from '../ui/states';
import type { Pages } from '../ui/use-pages';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
}

/** A short list that grows by a button, for what one person has; the first column names the row. */
export function PagedTable<Row extends { readonly id: string }>({
  pages: { rows, hasMore, isLoading, error, loadMore, reload },
  label,
  columns,
  empty,
}: {
  readonly pages: Pages<Row>;
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly empty: string;
}) {
  const { person } = useTextsOf(texts);
  if (rows.length === 0 && error) return <Failed error={error} onRetry={reload} />;
  if (rows.length === 0) return isLoading ? <Busy /> : <p className="quiet">{empty}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where it is narrow, also by the keyboard. */}
      <div className="table-scroll" tabIndex={0}>
        <table className="table" aria-label={label} aria-busy={isLoading}>
          <thead>
            <tr>
              {columns.map(({ key, title }) => (
                <th key={key} scope="col">
                  {title || <span className="hidden">{person.actions}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map(({ key, cell }) => (
                  <td key={key}>{cell(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {error && <Failed error={error} onRetry={loadMore} />}
      {hasMore && !error && (
        <button type="button" className="button" aria-disabled={isLoading} onClick={loadMore}>
          {person.showMore}
        </button>
      )}
    </>
  );
}
