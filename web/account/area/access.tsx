import { OwnRightsDocument, type OwnRightsQuery } from '../../operations';
import { useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { useFormat } from '../../texts/format';
import { Loading } from '../../ui/loading';
import { useLoaded } from '../../use-loaded';
import { AreaPage } from './area-page';
import { AskWhy } from './ask-why';

type Rights = NonNullable<OwnRightsQuery['viewer']>;

/** What the account may do, and why it may or may not do a certain thing. */
export function AccessPage() {
  const { account } = useTexts();
  const texts = account.access;
  const { data, error, reload } = useLoaded(OwnRightsDocument, {});
  const rights = data?.viewer;
  if (!rights) return <Loading error={error} onRetry={() => void reload()} />;
  return (
    <AreaPage title={texts.title} lead={texts.lead} failure={error}>
      <section>
        <h2>{texts.ask}</h2>
        <AskWhy rights={rights} />
      </section>
      <section>
        <h2>{texts.roles}</h2>
        {rights.isAdmin && <p>{texts.administrator}</p>}
        <Roles rights={rights} />
      </section>
      <section>
        <h2>{texts.permissions}</h2>
        <Permissions rights={rights} />
      </section>
    </AreaPage>
  );
}

function Roles({ rights }: { readonly rights: Rights }) {
  const { account } = useTexts();
  const { date } = useFormat();
  const { sentence } = useExplain();
  const endOf = (name: string) => rights.grants?.find((grant) => grant.role.name === name)?.expiresAt ?? null;
  return (
    <ul className="entries">
      {rights.roles.map(({ id, name, description }) => {
        const end = endOf(name);
        return (
          <li key={id} className="entry">
            <div>
              <strong>{name}</strong> {end && <span className="badge">{account.access.until(date(end))}</span>}
              {description && <p className="quiet">{sentence(description)}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Permissions({ rights }: { readonly rights: Rights }) {
  const { account } = useTexts();
  if (rights.permissions.length === 0) return <p className="quiet">{account.access.noPermissions}</p>;
  return (
    <ul className="permissions">
      {rights.permissions.map(({ id, resource, action, conditions }) => (
        <li key={id}>
          <code>{`${resource}:${action}`}</code>
          {conditions && (
            <>
              {' '}
              <span className="quiet">{account.access.onlyIf}</span> <code>{JSON.stringify(conditions)}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
