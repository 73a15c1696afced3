import { useState } from 'react';
import { useLoaded } from '../../use-loaded';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Instant } from '../ui/instant';
import { mutate } from '../ui/mutate';
import { ScreenPage } from '../ui/screen';
import { Busy, Failed } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import {
  ConsoleKeysDocument,
  type ConsoleKeysQuery,
  ConsoleKeysRevokeDocument,
  ConsoleKeysRotateDocument,
} from './operations';
import { texts } from './texts';
import '../styles/lists.css';

type Key = ConsoleKeysQuery['signingKeys'][number];

/** The keys that sign access tokens. */
export default function Keys() {
  const words = useTextsOf(texts);
  const can = useCan();
  const { data, error, reload } = useLoaded(ConsoleKeysDocument, {});
  const [isRotating, setRotating] = useState(false);
  const [revoking, setRevoking] = useState<Key>();
  const reread = () => void reload();
  return (
    <ScreenPage
      title={words.title}
      lead={words.lead}
      actions={
        <ActionButton
          reason={can('rotate', 'signing-key') ? undefined : words.mayNotRotate}
          onPress={() => setRotating(true)}
        >
          {words.rotate}
        </ActionButton>
      }
    >
      {data ? (
        <KeyTable keys={data.signingKeys} onRevoke={setRevoking} />
      ) : error ? (
        <Failed error={error} onRetry={reread} />
      ) : (
        <Busy />
      )}
      {isRotating && <Rotate onDone={reread} onClose={() => setRotating(false)} />}
      {revoking && <Revoke revoked={revoking} onDone={reread} onClose={() => setRevoking(undefined)} />}
    </ScreenPage>
  );
}

function KeyTable({ keys, onRevoke }: { readonly keys: readonly Key[]; readonly onRevoke: (key: Key) => void }) {
  const { columns } = useTextsOf(texts);
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{columns.key}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className="secondary">
              {columns.algorithm}
            </th>
            <th scope="col" className="secondary">
              {columns.made}
            </th>
            <th scope="col">{columns.next}</th>
            <th scope="col">{columns.actions}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.kid} row={key} onRevoke={onRevoke} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyRow({ row, onRevoke }: { readonly row: Key; readonly onRevoke: (key: Key) => void }) {
  const words = useTextsOf(texts);
  const can = useCan();
  const { kid, algorithm, state, createdAt, retiresAt, replacedAt } = row;
  const next = retiresAt ?? replacedAt;
  return (
    <tr>
      <td>
        <code className="kid" title={kid}>
          {kid}
        </code>
      </td>
      <td>
        <span className={`badge ${state === 'SIGNING' ? 'good' : ''}`}>{words.states[state]}</span>
      </td>
      <td className="secondary">{algorithm}</td>
      <td className="secondary">
        <Instant at={createdAt} />
      </td>
      <td>
        {next && (
          <>
            {retiresAt ? words.removed : words.replaced} <Instant at={next} how="relative" />
          </>
        )}
      </td>
      <td>
        <ActionButton
          label={words.revokeOf(kid)}
          reason={can('revoke', 'signing-key') ? undefined : words.mayNotRevoke}
          onPress={() => onRevoke(row)}
        >
          {words.revoke}
        </ActionButton>
      </td>
    </tr>
  );
}

interface Doing {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Rotate({ onDone, onClose }: Doing) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const run = async () => {
    const { errors } = await mutate(ConsoleKeysRotateDocument, {});
    if (errors.length === 0) {
      announce(words.rotated);
      onDone();
    }
    return errors;
  };
  return (
    <Confirm title={words.rotateTitle} verb={words.rotateTitle} kind="main" run={run} onClose={onClose}>
      <p>{words.rotateLead}</p>
    </Confirm>
  );
}

function Revoke({ revoked: { kid, state }, onDone, onClose }: Doing & { readonly revoked: Key }) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  const run = async () => {
    const { errors } = await mutate(ConsoleKeysRevokeDocument, { input: { kid } });
    if (errors.length === 0) {
      announce(words.revoked);
      onDone();
    }
    return errors;
  };
  return (
    <Confirm title={words.revokeTitle} verb={words.revokeTitle} run={run} onClose={onClose}>
      <p>
        <code className="kid">{kid}</code>
      </p>
      <p>{words.revokeLead}</p>
      {state === 'SIGNING' && <p>{words.revokeSigning}</p>}
    </Confirm>
  );
}
