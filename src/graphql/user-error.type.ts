import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { UserErrorCode } from '../errors.js';
import { describedValues } from './descriptions.js';

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Reasons why a mutation is refused, which the person who filled in the form can act on.',
  valuesConfig: describedValues<keyof typeof UserErrorCode>({
    INVALID_CREDENTIALS:
      'The name or the password is wrong, or the account is locked; the answer does not say which. A lock by ' +
      'wrong passwords ends by itself, after 30 minutes by default, by `unlockUser` or by a password reset; one by ' +
      '`lockUser` at its end or by `unlockUser`.',
    ACCOUNT_DEACTIVATED:
      'The password is right, but the account is deactivated. Somebody with `user:deactivate` can reactivate it.',
    EMAIL_NOT_VERIFIED:
      'The password is right, but the e-mail address is not verified. Follow the mailed link, or ask for another ' +
      'with `resendVerificationEmail`.',
    INVALID_TOKEN:
      'The mailed link, refresh token or sign-in challenge is unknown, used, replaced or expired. Ask for ' +
      'another link, or sign in again.',
    INVALID_CODE:
      'The code is wrong, used or too old, no enrolment waits for it, or the account is locked, by wrong codes ' +
      'or by `lockUser`; the answer does not say which. Enter the next code; a lock by wrong codes ends by itself, ' +
      'after 30 minutes by default, or by `unlockUser`.',
    REAUTHENTICATION_REQUIRED:
      'The caller may do this, but last proved who they are more than 10 minutes ago, by default. Prove it with ' +
      '`reauthenticate` and send the same mutation again.',
    USERNAME_TAKEN: 'Another account has this username, or it is reserved. Choose another.',
    EMAIL_TAKEN:
      'Another account has this e-mail address. Choose another. `register` and `requestEmailChange` mail the ' +
      'owner of the address instead of answering with this.',
    NAME_TAKEN:
      'Another role has this name or one that looks like it, or the role already has a permission for this ' +
      'action on this resource. Choose another name, or remove that permission first.',
    PASSWORD_TOO_SHORT: 'The password has fewer characters than `message` asks for: 8 by default.',
    PASSWORD_TOO_LONG: 'The password has more than 128 characters.',
    PASSWORD_TOO_WEAK:
      'The password is easy to guess. `message` and `passwordStrength` say what would make it stronger.',
    INVALID_INPUT: 'The input breaks a rule or exceeds a limit, which `message` states. Correct it and send it again.',
    NOT_FOUND:
      'What the input names does not exist, or is hidden from the caller. `revokeRole` also answers with it when ' +
      'the user does not hold the role.',
    OWN_ACCOUNT:
      'The caller cannot do this to their own account. Another administrator can; `requestEmailChange` changes ' +
      'their own address.',
    LAST_ADMINISTRATOR:
      'No administrator who may sign in would be left: active, and not locked by `lockUser`. Make another account an administrator first.',
    ABOVE_OWN_LEVEL:
      "The account is of a higher level than the caller, the role is not below the caller's level, or the caller " +
      'would hand out more, or for longer, than they hold. Somebody of a higher level can do it.',
    SYSTEM_ROLE:
      'The roles `user` and `admin` cannot be deleted, renamed, moved to another level, granted or revoked. ' +
      '`setAdministrator` gives and takes `admin`.',
    SCOPE_NOT_HELD: 'The API token would have a scope for which its owner has no permission. Leave that scope out.',
    JOB_EXPIRED:
      'Nobody awaits what the job would do any more, such as a mail whose link has run out. Ask for it anew.',
    VERSION_CONFLICT:
      'What was to be changed no longer has the `expectedVersion`: somebody else has changed it meanwhile. Read it ' +
      'again, show the difference, and send the change with the present version if it still applies.',
  }),
});

@ObjectType('UserError', {
  simpleResolvers: true,
  description:
    'A reason why a mutation was refused, which the person who filled in the form can act on. Mistakes of the ' +
    'client and failures of the service are top-level errors with `extensions.code` instead.',
})
export class UserErrorType {
  @Field(() => UserErrorCode, { description: 'Stable code, for programs.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'English text for people. It may change; programs go by `code`.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path of the input field at fault, such as `["input", "email"]`; null when it is no single field.',
  })
  field?: readonly string[];
}
