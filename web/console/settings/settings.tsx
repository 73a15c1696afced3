import { useLoaded } from '../../use-loaded';
import { ActionButton } from '../ui/action-button';
import { Instant } from '../ui/instant';
import { ScreenPage } from '../ui/screen';
import { Busy, Empty, Failed } from '../ui/states';
import { UrlField } from '../ui/url-field';
import { useTextsOf } from '../ui/use-texts-of';
import { useUrlState } from '../ui/use-url-state';
import { Health } from './health';
import { ConsoleSettingsDocument, type ConsoleSettingsQuery } from './operations';
import { texts } from './texts';
import { type Setting, Topic } from './topic';
import '../styles/lists.css';
import '../styles/settings.css';

/** Health, versions and configuration of the service. Nothing is changed here. */
export default function Settings() {
  const words = useTextsOf(texts);
  const { data, error, reload } = useLoaded(ConsoleSettingsDocument, {});
  const reread = () => void reload();
  return (
    <ScreenPage
      title={words.title}
      lead={words.lead}
      actions={<ActionButton onPress={reread}>{words.refresh}</ActionButton>}
    >
      {data ? <Told settings={data.settings} /> : error ? <Failed error={error} onRetry={reread} /> : <Busy />}
    </ScreenPage>
  );
}

function Told({ settings }: { readonly settings: ConsoleSettingsQuery['settings'] }) {
  const words = useTextsOf(texts);
  return (
    <>
      <Health found={settings.health} />
      <dl className="versions">
        {(
          [
            [words.facts.version, settings.version],
            [words.facts.node, settings.nodeVersion],
            [words.facts.postgres, settings.postgresVersion],
            [words.facts.started, <Instant key="started" at={settings.startedAt} how="relative" />],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Variables all={settings.variables} />
    </>
  );
}

function Variables({ all }: { readonly all: readonly Setting[] }) {
  const words = useTextsOf(texts);
  const [url, set] = useUrlState();
  const sought = (url.get('q') ?? '').toLowerCase();
  const isOnlySet = url.get('set') === '1';
  const found = all.filter(
    ({ name, description, source }) =>
      `${name} ${description}`.toLowerCase().includes(sought) && !(isOnlySet && source === 'DEFAULT'),
  );
  const topics = [...new Set(found.map(({ topic }) => topic))];
  return (
    <>
      <div className="toolbar list-filters">
        <UrlField name="q" label={words.search} type="search" className="field grow" spellCheck={false} />
        <label className="tick">
          <input
            type="checkbox"
            checked={isOnlySet}
            onChange={(event) => set({ set: event.currentTarget.checked ? '1' : '' })}
          />
          {words.onlySet}
        </label>
      </div>
      {topics.length === 0 && <Empty title={words.nothing} />}
      {topics.map((topic) => (
        <Topic key={topic} title={topic} settings={found.filter((one) => one.topic === topic)} />
      ))}
    </>
  );
}
