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

/**
 * Tells an interface which actions to offer. That an action would remove the last administrator is not checked here;
 * only the mutation reports it.
 */
@Resolver(() => UserType)
export class AccountPowersResolver {
  @FieldResolver(() => Boolean, { description: 'The address may take more: a level above that of the account.' })
  viewerCanUpdate(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('updateUser', 'update', id, context);
  }

  @FieldResolver(() => Boolean)
  viewerCanDelete(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('deleteUser', 'delete', id, context);
  }

  @FieldResolver(() => Boolean)
  viewerCanDeactivate(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('deactivateUser', 'deactivate', id, context);
  }

  @FieldResolver(() => Boolean)
  viewerCanUnlock(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('unlockUser', 'unlock', id, context);
  }

  @FieldResolver(() => Boolean, { description: 'Whether the viewer can make an administrator of them.' })
  viewerCanSetAdministrator(@Root() { id }: Account, @Ctx() context: Context) {
    return mayDo('setAdministrator', 'makeAdministrator', id, context);
  }
}
