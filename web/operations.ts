// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Input of the mutation `confirmEmailChange`. */
export type ConfirmEmailChangeInput = {
  /** Token from the link in the mail to the new address. It works once. */
  readonly token: string;
};

/** Input of the mutation `disownRegistration`. */
export type DisownRegistrationInput = {
  /** True deletes the account. Otherwise the owner of the mailbox keeps it and is mailed a link to set a password. */
  readonly deleteAccount?: boolean | null | undefined;
  /** Token from the second link (*it was not me*) of the verification mail. It works once. */
  readonly token: string;
};

/** Input of the mutation `register`. */
export type RegisterInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
  /** First name: at most 100 characters on one line. */
  readonly firstName?: string | null | undefined;
  /** Last name: at most 100 characters on one line. */
  readonly lastName?: string | null | undefined;
  /** Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`. */
  readonly password: string;
  /** Unique name: 3 to 64 letters and digits of any script, with . _ - between them. It is kept in lower case. */
  readonly username: string;
};

/** Input of the mutation `requestPasswordReset`. */
export type RequestPasswordResetInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
};

/** Input of the mutation `resendVerificationEmail`. */
export type ResendVerificationEmailInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
};

/** Input of the mutation `resetPassword`. */
export type ResetPasswordInput = {
  /** Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`. */
  readonly newPassword: string;
  /** Token from the link of the reset mail. It works once. */
  readonly token: string;
};

/** Input of the mutation `undoEmailChange`. */
export type UndoEmailChangeInput = {
  /** Token from the link in the mail to the old address. It works once. */
  readonly token: string;
};

/** Reasons why a mutation is refused, which the person who filled in the form can act on. */
export type UserErrorCode =
  /** The account is of a higher level than the caller, the role is not below the caller's level, or the caller would hand out more, or for longer, than they hold. Somebody of a higher level can do it. */
  | 'ABOVE_OWN_LEVEL'
  /** The password is right, but the account is deactivated. Somebody with `user:deactivate` can reactivate it. */
  | 'ACCOUNT_DEACTIVATED'
  /** The password is right, but the e-mail address is not verified. Follow the mailed link, or ask for another with `resendVerificationEmail`. */
  | 'EMAIL_NOT_VERIFIED'
  /** Another account has this e-mail address. Choose another. `register` and `requestEmailChange` mail the owner of the address instead of answering with this. */
  | 'EMAIL_TAKEN'
  /** The code is wrong, used or too old, no enrolment waits for it, or too many wrong codes have locked the account; the answer does not say which. Enter the next code; a lock ends by itself, after 30 minutes by default, or by `unlockUser`. */
  | 'INVALID_CODE'
  /** The name or the password is wrong, or too many wrong passwords have locked the account; the answer does not say which. A lock ends by itself, after 30 minutes by default, by `unlockUser` or by a password reset. */
  | 'INVALID_CREDENTIALS'
  /** The input breaks a rule or exceeds a limit, which `message` states. Correct it and send it again. */
  | 'INVALID_INPUT'
  /** The mailed link, refresh token or sign-in challenge is unknown, used, replaced or expired. Ask for another link, or sign in again. */
  | 'INVALID_TOKEN'
  /** No active administrator would be left. Make another account an administrator first. */
  | 'LAST_ADMINISTRATOR'
  /** Another role has this name or one that looks like it, or the role already has a permission for this action on this resource. Choose another name, or remove that permission first. */
  | 'NAME_TAKEN'
  /** What the input names does not exist, or is hidden from the caller. `revokeRole` also answers with it when the user does not hold the role. */
  | 'NOT_FOUND'
  /** The caller cannot do this to their own account. Another administrator can; `requestEmailChange` changes their own address. */
  | 'OWN_ACCOUNT'
  /** The password has more than 128 characters. */
  | 'PASSWORD_TOO_LONG'
  /** The password has fewer characters than `message` asks for: 8 by default. */
  | 'PASSWORD_TOO_SHORT'
  /** The password is easy to guess. `message` and `passwordStrength` say what would make it stronger. */
  | 'PASSWORD_TOO_WEAK'
  /** Reserved: no mutation answers with it. */
  | 'REAUTHENTICATION_REQUIRED'
  /** The API token would have a scope for which its owner has no permission. Leave that scope out. */
  | 'SCOPE_NOT_HELD'
  /** The roles `user` and `admin` cannot be deleted, renamed, moved to another level, granted or revoked. `setAdministrator` gives and takes `admin`. */
  | 'SYSTEM_ROLE'
  /** Another account has this username, or it is reserved. Choose another. */
  | 'USERNAME_TAKEN';

/** Input of the mutation `verifyEmail`. */
export type VerifyEmailInput = {
  /** Token from the link of the verification mail. It works once. */
  readonly token: string;
};

export type RefusedFragment = { readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register: { readonly email: string | null, readonly verificationRequired: boolean, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type VerifyEmailMutationVariables = Exact<{
  input: VerifyEmailInput;
}>;


export type VerifyEmailMutation = { readonly verifyEmail: { readonly user: { readonly username: string } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ResendVerificationEmailMutationVariables = Exact<{
  input: ResendVerificationEmailInput;
}>;


export type ResendVerificationEmailMutation = { readonly resendVerificationEmail: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type DisownRegistrationMutationVariables = Exact<{
  input: DisownRegistrationInput;
}>;


export type DisownRegistrationMutation = { readonly disownRegistration: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { readonly requestPasswordReset: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { readonly resetPassword: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConfirmEmailChangeMutationVariables = Exact<{
  input: ConfirmEmailChangeInput;
}>;


export type ConfirmEmailChangeMutation = { readonly confirmEmailChange: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type UndoEmailChangeMutationVariables = Exact<{
  input: UndoEmailChangeInput;
}>;


export type UndoEmailChangeMutation = { readonly undoEmailChange: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type PasswordStrengthQueryVariables = Exact<{
  password: string;
  username?: string | null | undefined;
  email?: string | null | undefined;
}>;


export type PasswordStrengthQuery = { readonly passwordStrength: { readonly score: number, readonly feedback: ReadonlyArray<string>, readonly isStrong: boolean } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly username: string, readonly fullName: string, readonly firstName: string | null, readonly lastName: string | null, readonly bio: string | null, readonly location: string | null, readonly website: string | null, readonly avatarUrl: string, readonly email: string | null, readonly emailNotifications: boolean | null, readonly language: string | null, readonly timezone: string | null, readonly twoFactorEnabled: boolean | null, readonly passwordChangedAt: string | null, readonly createdAt: string, readonly roles: ReadonlyArray<{ readonly name: string }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RefusedFragmentDoc = new TypedDocumentString(`
    fragment Refused on UserError {
  code
  field
  message
}
    `, {"fragmentName":"Refused"}) as unknown as TypedDocumentString<RefusedFragment, unknown>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    email
    verificationRequired
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    user {
      username
    }
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationEmailDocument = new TypedDocumentString(`
    mutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {
  resendVerificationEmail(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ResendVerificationEmailMutation, ResendVerificationEmailMutationVariables>;
export const DisownRegistrationDocument = new TypedDocumentString(`
    mutation DisownRegistration($input: DisownRegistrationInput!) {
  disownRegistration(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<DisownRegistrationMutation, DisownRegistrationMutationVariables>;
export const RequestPasswordResetDocument = new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const ConfirmEmailChangeDocument = new TypedDocumentString(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
  confirmEmailChange(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConfirmEmailChangeMutation, ConfirmEmailChangeMutationVariables>;
export const UndoEmailChangeDocument = new TypedDocumentString(`
    mutation UndoEmailChange($input: UndoEmailChangeInput!) {
  undoEmailChange(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<UndoEmailChangeMutation, UndoEmailChangeMutationVariables>;
export const PasswordStrengthDocument = new TypedDocumentString(`
    query PasswordStrength($password: String!, $username: String, $email: String) {
  passwordStrength(password: $password, username: $username, email: $email) {
    score
    feedback
    isStrong
  }
}
    `) as unknown as TypedDocumentString<PasswordStrengthQuery, PasswordStrengthQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    username
    fullName
    firstName
    lastName
    bio
    location
    website
    avatarUrl
    email
    emailNotifications
    language
    timezone
    twoFactorEnabled
    passwordChangedAt
    createdAt
    roles {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
