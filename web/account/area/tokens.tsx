import { useState } from 'react';
import { ApiTokensDocument, type ApiTokensQuery, RevokeApiTokenDocument } from '../../operations';
import { gatehouse } from '../../session';
import { useTexts } from '../../texts/context';
import { useFormat } from '../../texts/format';
import { Action } from '../../ui/action';
import { CopyButton } from '../../ui/copy-button';
import { Loading } from '../../ui/loading';
import { Notice } from '../../ui/notice';
import { useLoaded } from '../../use-loaded';
import { AreaPage } from './area-page';
import { CreateToken } from './create-token';

type Token = NonNullable<ApiTokensQuery['viewer']>['apiTokens'][number];

export function TokensPage() {
  const { account } = useTexts();
  const texts = account.tokens;
  const { data, error, reload } = useLoaded(ApiTokensDocument, {});
  const [created, setCreated] = useState<string>();
  /** The form begins anew for each token. */
  const [made, setMade] = useState(0);
  const viewer = data?.viewer;
  if (!viewer) return <Loading error={error} onRetry={() => void reload()} />;
  const active = viewer.apiTokens.filter(({ isActive }) => isActive);
  return (
    <AreaPage title={texts.title} lead={texts.lead} failure={error}>
      {created && <Created token={created} onKept={() => setCreated(undefined)} />}
      {active.length === 0 ? (
        <p className="quiet">{texts.none}</p>
      ) : (
        <ul className="entries">
          {active.map((token) => (
            <Entry key={token.id} token={token} onRevoked={reload} />
          ))}
        </ul>
      )}
      <section>
        <h2>{texts.create}</h2>
        <CreateToken
          key={made}
          scopes={viewer.availableScopes}
          onCreated={(token) => {
            setCreated(token);
            setMade((before) => before + 1);
            void reload();
          }}
        />
      </section>
    </AreaPage>
  );
}

/** The token itself, which the API shows once. */
function Created({ token, onKept }: { readonly token: string; readonly onKept: () => void }) {
  const { account } = useTexts();
  const texts = account.tokens;
  return (
    <Notice takesFocus>
      <p>{texts.created}</p>
      <p>
        <code className="secret">{token}</code>
      </p>
      <p className="row">
        <CopyButton text={token} />
        <button type="button" className="button" onClick={onKept}>
          {texts.kept}
        </button>
      </p>
    </Notice>
  );
}

function Entry({ token, onRevoked }: { readonly token: Token; readonly onRevoked: () => Promise<void> }) {
  const { account } = useTexts();
  const texts = account.tokens;
  const { date, relative, list } = useFormat();
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const revoke = async () => {
    const { errors } = (await gatehouse.request(RevokeApiTokenDocument, { input: { apiTokenId: id } })).revokeApiToken;
    await onRevoked();
    return errors;
  };
  return (
    <li className="entry">
      <div>
        <strong>{name}</strong>
        <p>{scopes.length > 0 ? list(scopes) : texts.noScopes}</p>
        <p className="quiet">
          {texts.since(date(createdAt))} · {expiresAt ? texts.until(date(expiresAt)) : texts.endless} ·{' '}
          {lastUsedAt ? texts.used(relative(lastUsedAt)) : texts.unused}
        </p>
      </div>
      <div>
        <Action run={revoke} label={texts.revokeNamed(name)}>
          {texts.revoke}
        </Action>
      </div>
    </li>
  );
}
