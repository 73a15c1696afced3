import { Permission } from './access/permission.entity.js';
import { Role } from './access/role.entity.js';
import { RoleGrant } from './access/role-grant.entity.js';
import { RoleName } from './access/role-name.entity.js';
import { AccountState } from './accounts/account-state.entity.js';
import { FormerUser } from './accounts/former-user.entity.js';
import { MailedToken } from './accounts/mailed-token.entity.js';
import { User } from './accounts/user.entity.js';
import { ApiToken } from './api-tokens/api-token.entity.js';
import { Attempt } from './authentication/attempts/attempt.entity.js';
import { RecoveryCode } from './authentication/second-factor/recovery-code.entity.js';
import { TwoFactor } from './authentication/second-factor/two-factor.entity.js';
import { TwoFactorChallenge } from './authentication/second-factor/two-factor-challenge.entity.js';
import { Comment } from './content/comment.entity.js';
import { Post } from './content/post.entity.js';
import { Job } from './queue/job.entity.js';
import { RefreshToken } from './sessions/refresh-token.entity.js';
import { Session } from './sessions/session.entity.js';
import { SigningKey } from './sessions/signing-key.entity.js';

/** Entities of every table that the ORM writes; passed to the database so that database/ imports no capability. */
export const entities = [
  User,
  FormerUser,
  MailedToken,
  Attempt,
  TwoFactor,
  TwoFactorChallenge,
  RecoveryCode,
  ApiToken,
  Role,
  Permission,
  RoleGrant,
  RoleName,
  AccountState,
  Post,
  Comment,
  Session,
  RefreshToken,
  SigningKey,
  Job,
];
