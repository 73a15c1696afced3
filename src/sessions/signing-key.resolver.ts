import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { asksForProof } from '../graphql/descriptions.js';
import { Input } from '../graphql/input.js';
import { firstOf, upTo } from '../graphql/pagination.js';
import { type ListedKey, listSigningKeys } from './list-signing-keys.js';
import { revokeSigningKey } from './revoke-signing-key.js';
import { rotateSigningKey } from './rotate-signing-key.js';
import {
  RevokeSigningKeyInput,
  RevokeSigningKeyPayload,
  RotateSigningKeyPayload,
  SigningKeyType,
} from './signing-key.type.js';

@Resolver()
export class SigningKeyResolver {
  @Query(() => [SigningKeyType], {
    description: 'The keys that verify access tokens, the newest first. Requires `signing-key:read`.',
  })
  async signingKeys(@Arg('first', () => Int, upTo(100)) first: number, @Ctx() context: Context) {
    return firstOf((await listSigningKeys(context)).map(published), first);
  }

  @Mutation(() => RotateSigningKeyPayload, {
    description:
      'Makes a new key, which signs all access tokens from now on. The former one verifies until the last token that it ' +
      'has signed has expired. Requires `signing-key:rotate`. In a session only.' +
      asksForProof(),
  })
  rotateSigningKey(@Ctx() context: Context) {
    return answer(rotateSigningKey(context).then(async (id) => ({ signingKey: await keyOf(context, id) })));
  }

  @Mutation(() => RevokeSigningKeyPayload, {
    description:
      'Deletes a key at once: every access token that it has signed is refused from now on, and clients refresh their ' +
      'sessions. If it was the one that signs, another is made. For a key that somebody may have stolen. Requires ' +
      '`signing-key:revoke`. In a session only.' +
      asksForProof(),
  })
  revokeSigningKey(@Input(() => RevokeSigningKeyInput) { kid }: RevokeSigningKeyInput, @Ctx() context: Context) {
    const revoked = revokeSigningKey(context, kid).then(async (successor) => ({
      revokedKid: kid,
      successor: await keyOf(context, successor),
    }));
    return answer(revoked);
  }
}

const published = ({ id: kid, ...key }: ListedKey): SigningKeyType => ({ kid, ...key });

/** @returns null for undefined, and for a key that was replaced and has retired meanwhile */
async function keyOf(context: Context, id: string | undefined): Promise<SigningKeyType | null> {
  const found = (await listSigningKeys(context)).find((key) => key.id === id);
  return found ? published(found) : null;
}
