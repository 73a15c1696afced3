import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLanguage } from '../../texts/context';
import { Name } from '../ui/name';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { RoleSearch } from './role-search';
import { texts } from './texts';
import { type MappedRole, useRoleMap } from './use-role-map';

const sizes = { row: 32, column: 34, name: 190, head: 132 };

/** Roles by permissions. Only the cells in view are in the document, in both directions. */
export function RoleMap() {
  const words = useTextsOf(texts);
  const [url] = useUrlState();
  const { language } = useLanguage();
  const search = url.get('search') ?? '';
  const { rows, total = 0, terms, hasMore, isLoading, error, loadMore, reload } = useRoleMap(search);
  const told = (count: number) => count.toLocaleString(language);
  return (
    <ScreenPage
      title={words.mapTitle}
      lead={words.mapLead}
      isFilling
      actions={<Link href="/console/roles">{words.backToList}</Link>}
    >
      <RoleSearch />
      {error && <Failed error={error} onRetry={rows.length > 0 ? loadMore : reload} />}
      {rows.length === 0 && !error && (isLoading ? <Busy /> : <Empty title={search ? words.noneFits : words.empty} />)}
      {rows.length > 0 && hasMore && <p className="quiet">{words.loadedOf(told(rows.length), told(total))}</p>}
      {rows.length > 0 && (
        <Grid roles={rows} terms={terms} isLoading={isLoading} onNearEnd={hasMore && !error ? loadMore : undefined} />
      )}
    </ScreenPage>
  );
}

/** Rows that are left below when the next page is read. */
const nearEnd = 20;

function Grid({
  roles,
  terms,
  isLoading,
  onNearEnd,
}: {
  readonly roles: readonly MappedRole[];
  readonly terms: readonly string[];
  readonly isLoading: boolean;
  readonly onNearEnd: (() => void) | undefined;
}) {
  const words = useTextsOf(texts);
  const id = useId();
  const [, navigate] = useLocation();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const getScrollElement = () => scroller.current;
  const rows = useVirtualizer({
    count: roles.length,
    getScrollElement,
    estimateSize: () => sizes.row,
    overscan: 6,
    scrollPaddingStart: sizes.head,
  });
  const columns = useVirtualizer({
    count: terms.length,
    getScrollElement,
    estimateSize: () => sizes.column,
    overscan: 6,
    horizontal: true,
    scrollPaddingStart: sizes.name,
  });
  const move = (row: number, column: number) => {
    const next = {
      row: Math.max(0, Math.min(roles.length - 1, row)),
      column: Math.max(0, Math.min(terms.length - 1, column)),
    };
    setAt(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [at.row + 1, at.column],
      j: [at.row + 1, at.column],
      ArrowUp: [at.row - 1, at.column],
      k: [at.row - 1, at.column],
      ArrowRight: [at.row, at.column + 1],
      ArrowLeft: [at.row, at.column - 1],
      Home: [at.row, 0],
      End: [at.row, terms.length - 1],
      PageDown: [at.row + 15, at.column],
      PageUp: [at.row - 15, at.column],
    };
    const step = steps[event.key];
    const role = roles[at.row];
    if (step) move(...step);
    else if (event.key === 'Enter' && role) navigate(`/console/roles/${role.id}`);
    else return;
    event.preventDefault();
  };
  const [shownRows, shownColumns] = [rows.getVirtualItems(), columns.getVirtualItems()];
  const last = shownRows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!isLoading && last >= roles.length - nearEnd) onNearEnd?.();
  }, [isLoading, last, roles.length, onNearEnd]);
  const isInDocument =
    shownRows.some(({ index }) => index === at.row) && shownColumns.some(({ index }) => index === at.column);
  const width = sizes.name + columns.getTotalSize();
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={words.mapTitle}
      aria-busy={isLoading}
      aria-rowcount={onNearEnd ? -1 : roles.length + 1}
      aria-colcount={terms.length + 1}
      aria-activedescendant={isInDocument ? `${id}-${at.row}-${at.column}` : undefined}
      tabIndex={0}
      className="role-map"
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className="map-head" style={{ width, height: sizes.head }}>
        <span role="columnheader" aria-colindex={1} className="map-name">
          {words.columns.name}
        </span>
        {shownColumns.map(({ index, start }) => (
          <span
            key={index}
            role="columnheader"
            aria-colindex={index + 2}
            className={index === at.column ? 'map-term active' : 'map-term'}
            style={{ left: sizes.name + start, width: sizes.column }}
          >
            <span title={terms[index]}>{terms[index]}</span>
          </span>
        ))}
      </div>
      <div role="rowgroup" className="map-space" style={{ width, height: rows.getTotalSize() }}>
        {shownRows.map(({ index, start }) => {
          const role = roles[index] as MappedRole;
          return (
            <div
              key={role.id}
              role="row"
              aria-rowindex={index + 2}
              className={index === at.row ? 'map-row active' : 'map-row'}
              style={{ width, height: sizes.row, transform: `translateY(${start}px)` }}
            >
              <span role="rowheader" aria-colindex={1} className="map-name">
                <Link href={`/console/roles/${role.id}`} tabIndex={-1}>
                  <Name>{role.name}</Name>
                </Link>
              </span>
              {shownColumns.map(({ index: column, start: left }) => (
                <Cell
                  key={column}
                  id={`${id}-${index}-${column}`}
                  column={column}
                  how={role.isUnlimited ? 'always' : role.permits.get(terms[column] ?? '')}
                  left={sizes.name + left}
                  isActive={index === at.row && column === at.column}
                />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Cell({
  id,
  column,
  how,
  left,
  isActive,
}: {
  readonly id: string;
  readonly column: number;
  readonly how: 'always' | 'conditions' | undefined;
  readonly left: number;
  readonly isActive: boolean;
}) {
  const words = useTextsOf(texts);
  const label = useMemo(
    () => ({ always: words.always, conditions: words.underConditions, none: words.no })[how ?? 'none'],
    [how, words],
  );
  return (
    <span
      id={id}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={isActive}
      aria-label={label}
      className={isActive ? 'map-cell active' : 'map-cell'}
      style={{ left, width: sizes.column }}
    >
      {how === 'always' ? '●' : how === 'conditions' ? '◐' : ''}
    </span>
  );
}
