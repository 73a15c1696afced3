import { useId } from 'react';
import { instantOf } from '../../texts/zoned-time';
import { Field, Labelled } from '../../ui/field';
import type { Values } from '../../use-form';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';
import { useRoles } from './use-roles';

/** Why somebody is deactivated. */
export function ReasonField() {
  const words = useTextsOf(texts);
  return (
    <Field name="reason" label={words.reason} hint={words.reasonHint} maxLength={500} autoComplete="off" isOptional />
  );
}

/** Which role is granted, and until when. */
export function GrantFields() {
  const words = useTextsOf(texts);
  const { roles, isLong, isLoading, text, setText } = useRoles(true);
  const grantable = roles.filter(({ viewerCanGrant }) => viewerCanGrant);
  const isEmpty = grantable.length === 0 && !isLoading;
  return (
    <>
      {isLong && <RoleSearch text={text} onText={setText} />}
      <Labelled name="roleId" label={words.role} hint={isEmpty ? words.noRoles : words.roleHint}>
        {(described) => (
          <select {...described} name="roleId">
            {grantable.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Field name="expiresAt" type="datetime-local" label={words.until} hint={words.untilHint} isOptional />
    </>
  );
}

/** Narrows a choice of roles. */
export function RoleSearch({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const id = useId();
  const { findRole } = useTextsOf(texts);
  return (
    <div className="field">
      <label htmlFor={id}>{findRole}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        value={text}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
    </div>
  );
}

/** @returns null: without end */
export const endIn = ({ expiresAt }: Values, timeZone: string | undefined): string | null =>
  expiresAt ? instantOf(expiresAt, timeZone).toISOString() : null;
