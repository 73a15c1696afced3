import { useId } from 'react';
import { useTextsOf } from '../ui/use-texts-of';
import type { ConsoleSettingsQuery } from './operations';
import { texts } from './texts';

export type Setting = ConsoleSettingsQuery['settings']['variables'][number];

/** The settings of one topic. */
export function Topic({ title, settings }: { readonly title: string; readonly settings: readonly Setting[] }) {
  const { columns } = useTextsOf(texts);
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} lang="en">
        {title}
      </h2>
      <div className="table-frame">
        <table className="table settings-table">
          <thead>
            <tr>
              <th scope="col">{columns.name}</th>
              <th scope="col">{columns.value}</th>
              <th scope="col">{columns.source}</th>
            </tr>
          </thead>
          <tbody>
            {settings.map((setting) => (
              <SettingRow key={setting.name} setting={setting} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function SettingRow({ setting }: { readonly setting: Setting }) {
  const words = useTextsOf(texts);
  const { name, description, type, source, byDefault, otherwise } = setting;
  const isSet = source !== 'DEFAULT';
  const usual = byDefault ?? otherwise;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        <p className="quiet" lang="en">
          <Marked text={description} />
        </p>
        <p className="quiet hint" lang="en">
          {words.takes} <Marked text={type} />
          {isSet && usual && (
            <>
              ; {words.byDefault} <Marked text={byDefault ? `\`${byDefault}\`` : (otherwise ?? '')} />
            </>
          )}
        </p>
      </th>
      <td>
        <Value setting={setting} />
      </td>
      <td>
        <span className={`badge ${isSet ? 'info' : ''}`} title={words.sourceLeads[source]}>
          {words.sources[source]}
        </span>
      </td>
    </tr>
  );
}

function Value({ setting: { value, isHidden, source, otherwise } }: { readonly setting: Setting }) {
  const words = useTextsOf(texts);
  if (value) return <code>{value}</code>;
  if (isHidden && source !== 'DEFAULT') return <span>{words.hiddenSet}</span>;
  if (otherwise)
    return (
      <span lang="en">
        <Marked text={otherwise} />
      </span>
    );
  return <span className="quiet">{words.notSet}</span>;
}

/** Text whose names are between backticks. */
function Marked({ text }: { readonly text: string }) {
  const parts = text.split('`').map((part, place) => ({ part, isName: place % 2 === 1, key: `${place} ${part}` }));
  return parts.map(({ part, isName, key }) => (isName ? <code key={key}>{part}</code> : <span key={key}>{part}</span>));
}
