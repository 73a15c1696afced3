import config from './jest.config.mjs';

// `npm run test:unit`: what needs no database and no service, so no server is started. A file that needs one fails here.
const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = config;

const files = [
  'access/{ability-rules,permission-terms}',
  'api/{guarded-schema,kept-operations,telling-again}',
  'authentication/{argon2,hashing-queue,totp,waiting-line}',
  'checks/*',
  'commands/progress',
  'docs',
  'environment/*',
  'operations/*',
  'policy/{access-check,condition-clauses,condition-matching,conditions,rank,rights,role-book}',
  'sessions/device-name',
  'web/texts',
  '{app-secret,config}',
];

export default { ...rest, testMatch: files.map((name) => `<rootDir>/tests/${name}.test.ts`) };
