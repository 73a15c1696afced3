import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type AccountPower, assertMayDo } from '../access/account-powers.js';
import { UserType } from '../accounts/user.type.js';
import type { Context } from '../graphql/context.js';
import { passes } from '../policy/passes.js';
import { permissions } from './permissions.js';

type Account = Pick<UserType, 'id'>;

/**
 * Checks the mutation's rule in the rule table, then the same assertion that the mutation itself makes, so both agree.
 */
async function mayDo(mutation: keyof typeof permissions.Mutation, power: AccountPower, id: string, context: Context) {
  const { caller, loaders } = context;
  const [rule] = permissions.Mutation[mutation];
  if (!caller || rule(context) !== true) return false;
  const subject = await loaders.subjects.load(id);
  return subject !== undefined && passes(() => assertMayDo(power, caller.rights, subject));
}

const lastAdministrator = 'The rule that one administrator must remain is checked by the mutation only.';

/**
 * Tells an interface which actions to offer. That an action would remove the last administrator is not checked here;
 * only the mutation reports it.
 */
@Resolver(() => UserType)
export class AccountPowersResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether the caller may change the account with `updateUser`. Setting its e-mail address may require more, ' +
      'as described there.',
  })
  viewerCanUpdate(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('updateUser', 'update', id, context);
  }

  @FieldResolver(() => Boolean, { description: `Whether the caller may delete the account. ${lastAdministrator}` })
  viewerCanDelete(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('deleteUser', 'delete', id, context);
  }

  @FieldResolver(() => Boolean, { description: `Whether the caller may deactivate the account. ${lastAdministrator}` })
  viewerCanDeactivate(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('deactivateUser', 'deactivate', id, context);
  }

  @FieldResolver(() => Boolean, { description: `Whether the caller may lock the account. ${lastAdministrator}` })
  viewerCanLock(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('lockUser', 'lock', id, context);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller may lift a lock of the account, whether or not it is locked.',
  })
  viewerCanUnlock(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('unlockUser', 'unlock', id, context);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller may give the account the administrator flag.',
  })
  viewerCanSetAdministrator(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('setAdministrator', 'makeAdministrator', id, context);
  }
}
