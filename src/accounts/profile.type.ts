import { Field, InputType, ObjectType } from 'type-graphql';
import type { Profile } from './profile.js';
import { UserPayload } from './user.type.js';

@InputType({ description: 'What is left out stays as it is; null clears it.' })
export class UpdateProfileInput implements Profile {
  @Field(() => String, { nullable: true, description: 'At most 100 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 100 characters.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'An https address.' })
  avatarUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 1000 characters.' })
  bio?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 100 characters.' })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https address.' })
  website?: string | null;

  @Field(() => String, { nullable: true, description: 'A name of the IANA time zone database.' })
  timezone?: string | null;

  @Field(() => String, { nullable: true, description: 'A BCP 47 tag.' })
  language?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Null: unchanged. Security notices are sent in any case.' })
  emailNotifications?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class UpdateProfilePayload extends UserPayload {}
