import { type KeyboardEvent, type UIEvent, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useLanguage } from '../../texts/context';
import { EventDialog } from '../audit/event-dialog';
import { filterOf } from '../audit/filter';
import { useShortcut } from '../shell/shortcuts';
import { Rows } from '../ui/rows';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import '../styles/audit.css';
import '../styles/live.css';
import { Actions } from './actions';
import { useColumns } from './columns';
import { Feed, type FeedState } from './feed';
import { LiveFilters } from './filters';
import { Status } from './status';
import { Summary } from './summary';
import { texts } from './texts';

/** Security events as they happen. */
export default function Live() {
  const [url] = useUrlState();
  const { timeZone } = useLanguage();
  const { since: _since, until: _until, text: _text, ...filter } = filterOf(url, timeZone);
  const key = JSON.stringify(filter);
  return <LiveFeed key={key} filter={key} />;
}

/** @param props.filter as JSON; another filter is another feed */
function LiveFeed({ filter }: { readonly filter: string }) {
  const words = useTextsOf(texts);
  const feed = useFeed(filter);
  const state = useSyncExternalStore(feed.subscribe, feed.current);
  const [isPaused, setPaused] = useState(false);
  const toggle = () => {
    setPaused(!isPaused);
    if (isPaused) feed.release();
    else feed.hold();
  };
  useShortcut({ keys: 'p', label: words.pauseKey, run: toggle });
  return (
    <ScreenPage
      title={words.title}
      isFilling
      actions={
        <>
          <Status
            state={state}
            onRestart={feed.restart}
            isPaused={isPaused}
            onRelease={isPaused ? toggle : feed.release}
          />
          <button type="button" className="button" aria-pressed={isPaused} onClick={toggle}>
            {words.pause}
          </button>
        </>
      }
    >
      <LiveFilters />
      <Summary state={state} />
      <List feed={feed} state={state} isPaused={isPaused} />
    </ScreenPage>
  );
}

function useFeed(filter: string): Feed {
  const feed = useMemo(() => new Feed(JSON.parse(filter)), [filter]);
  useEffect(() => () => feed.close(), [feed]);
  return feed;
}

/** Keys that go down the list, whose rows should then stay where they are. */
const downwards = ['j', 'k', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'End'];

function List({
  feed,
  state,
  isPaused,
}: {
  readonly feed: Feed;
  readonly state: FeedState;
  readonly isPaused: boolean;
}) {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const columns = useColumns();
  const openId = url.get('event');
  const open = state.rows.find(({ id }) => id === openId);
  const pages = useMemo(() => asPages(state), [state]);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (downwards.includes(key)) feed.hold();
    if (key === 'Home' && !isPaused) feed.release();
  };
  const onScroll = ({ target }: UIEvent) => {
    if ((target as Element).scrollTop > 0) feed.hold();
    else if (!isPaused) feed.release();
  };
  if (state.status === 'failed' && state.error && state.rows.length === 0)
    return <Failed error={state.error} onRetry={feed.restart} />;
  if (state.status === 'opening' && state.rows.length === 0) return <Busy />;
  return (
    <div className="live-list" onKeyDownCapture={onKeyDown} onScrollCapture={onScroll}>
      <Rows
        label={words.list}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        onOpen={({ id }) => {
          feed.hold();
          set({ event: id }, 'push');
        }}
        empty={
          <Empty title={words.empty}>
            <p className="quiet">{words.emptyLead}</p>
          </Empty>
        }
      />
      {openId && (
        <EventDialog
          id={openId}
          event={open}
          actions={<Actions eventId={openId} />}
          onClose={() => set({ event: '' }, 'push')}
        />
      )}
    </div>
  );
}

const asPages = ({ rows }: FeedState) => ({
  rows,
  total: undefined,
  hasMore: false,
  isLoading: false,
  error: undefined,
  loadMore: () => undefined,
  reload: () => undefined,
});
