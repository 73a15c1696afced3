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
  const roles = useRoles(true).filter(({ viewerCanGrant }) => viewerCanGrant);
  return (
    <>
      <Labelled name="roleId" label={words.role} hint={roles.length === 0 ? words.noRoles : words.roleHint}>
        {(described) => (
          <select {...described} name="roleId">
            {roles.map(({ id, name }) => (
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

/** @returns null: without end */
export const endIn = ({ expiresAt }: Values, timeZone: string | undefined): string | null =>
  expiresAt ? instantOf(expiresAt, timeZone).toISOString() : null;
