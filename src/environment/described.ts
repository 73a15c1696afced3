// Made by `npm run configuration` from the other files of this folder.

/** What is known of a variable without its value. */
export interface DescribedVariable {
  readonly name: string;
  /** Heading of docs/configuration.md under which it stands. */
  readonly topic: string;
  /** A sentence or more; names are between backticks. */
  readonly description: string;
  /** Which values it takes, in words. */
  readonly type: string;
  /** The default as it would be set; null where there is none, or where it depends on something. */
  readonly byDefault: string | null;
  /** In words, of a default that depends on something. */
  readonly otherwise: string | null;
}

export const described: readonly DescribedVariable[] = [
  {
    "name": "NODE_ENV",
    "topic": "Service",
    "description": "`production` requires `APP_SECRET`, turns introspection and the playground off, logs JSON lines and no mailed links, and reads no `.env`.",
    "type": "`production`, `development`, `test`",
    "byDefault": "development",
    "otherwise": null
  },
  {
    "name": "PORT",
    "topic": "Service",
    "description": "TCP port of the service; `0` picks a free port.",
    "type": "number from 0 to 65535",
    "byDefault": "4000",
    "otherwise": null
  },
  {
    "name": "HOST",
    "topic": "Service",
    "description": "IP address or host name to listen on; `0.0.0.0` for all.",
    "type": "IP address or host name",
    "byDefault": "127.0.0.1",
    "otherwise": null
  },
  {
    "name": "PUBLIC_URL",
    "topic": "Service",
    "description": "URL at which people reach the service: the beginning of mailed links and the issuer of tokens.",
    "type": "URL",
    "byDefault": null,
    "otherwise": "`http://localhost:PORT`"
  },
  {
    "name": "CORS_ORIGINS",
    "topic": "Service",
    "description": "Origins, besides that of `PUBLIC_URL`, that may call from a browser, over HTTP and websockets.",
    "type": "URLs, separated by commas",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "TRUSTED_PROXIES",
    "topic": "Service",
    "description": "Proxies whose `X-Forwarded-For` is trusted; otherwise the client's address is that of the connection.",
    "type": "addresses or CIDR ranges, separated by commas",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "HSTS_INCLUDE_SUBDOMAINS",
    "topic": "Service",
    "description": "Whether `Strict-Transport-Security` also covers subdomains (RFC 6797); the header is sent only if `PUBLIC_URL` is https.",
    "type": "`true`, `false`",
    "byDefault": "false",
    "otherwise": null
  },
  {
    "name": "INTROSPECTION",
    "topic": "Service",
    "description": "Whether clients may query the schema.",
    "type": "`true`, `false`",
    "byDefault": null,
    "otherwise": "on in development, off in production"
  },
  {
    "name": "OPERATION_TIME_LIMIT",
    "topic": "Service",
    "description": "Longest time for one operation, or for the answer to one event of a subscription; then it ends and its statements are cancelled.",
    "type": "duration",
    "byDefault": "15s",
    "otherwise": null
  },
  {
    "name": "PAGES",
    "topic": "Pages",
    "description": "Whether the service has pages at all.",
    "type": "`on`, `off`",
    "byDefault": "on",
    "otherwise": null
  },
  {
    "name": "PLAYGROUND",
    "topic": "Pages",
    "description": "Whether `/playground` exists and a browser that opens `/graphql` is led there.",
    "type": "`on`, `off`",
    "byDefault": null,
    "otherwise": "on in development, off in production"
  },
  {
    "name": "PAGES_LOGO",
    "topic": "Pages",
    "description": "Picture beside `SERVICE_NAME`, read at the start.",
    "type": "path of an `.svg` or `.png` file",
    "byDefault": null,
    "otherwise": "a small gatehouse"
  },
  {
    "name": "PAGES_COLOR",
    "topic": "Pages",
    "description": "Colour of buttons and links; made lighter or darker as far as it takes to be read in both themes.",
    "type": "`#rrggbb`",
    "byDefault": null,
    "otherwise": "a blue"
  },
  {
    "name": "PAGES_TERMS_URL",
    "topic": "Pages",
    "description": "Your terms of use, linked from every page and from the registration.",
    "type": "URL",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "PAGES_PRIVACY_URL",
    "topic": "Pages",
    "description": "Your notice on privacy, linked likewise.",
    "type": "URL",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "TRUSTED_DOCUMENTS",
    "topic": "Trusted documents",
    "description": "Manifests of trusted documents, read at the start.",
    "type": "paths, separated by commas",
    "byDefault": null,
    "otherwise": "none; every document is answered"
  },
  {
    "name": "TRUSTED_DOCUMENTS_MODE",
    "topic": "Trusted documents",
    "description": "`enforce` refuses all other documents, and turns the playground off; `log` answers them and logs each.",
    "type": "`enforce`, `log`",
    "byDefault": "enforce",
    "otherwise": null
  },
  {
    "name": "DATABASE_URL",
    "topic": "Data",
    "description": "PostgreSQL to use; if not set, the service runs its own in `DATA_DIR`.",
    "type": "`postgres://user:password@host:port/database`",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "DATABASE_REPLICA_URLS",
    "topic": "Data",
    "description": "Streaming replicas of the database at `DATABASE_URL`, to which lists and searches go: see operations.",
    "type": "`postgres://…` like `DATABASE_URL`, separated by commas",
    "byDefault": null,
    "otherwise": "none; the primary answers everything"
  },
  {
    "name": "DATABASE_POOL_SIZE",
    "topic": "Data",
    "description": "Largest number of connections in each of the two pools, one for transactions and one for reads, and in that of each replica.",
    "type": "number from 2 to 200",
    "byDefault": "10",
    "otherwise": null
  },
  {
    "name": "REDIS_URL",
    "topic": "Data",
    "description": "Redis 6 or Valkey, in which rate limits and cost budgets are counted and over which processes tell each other of changes: see operations. Nodes of a cluster are separated by commas: `redis://a:6379,b:6379`.",
    "type": "`redis://user:password@host:port`, `rediss://…` with TLS",
    "byDefault": null,
    "otherwise": "none; PostgreSQL counts"
  },
  {
    "name": "DATA_DIR",
    "topic": "Data",
    "description": "Folder of the embedded database, the generated secret and the mail files; made if missing.",
    "type": "path",
    "byDefault": ".gatehouse",
    "otherwise": null
  },
  {
    "name": "APP_SECRET",
    "topic": "Data",
    "description": "Encrypts signing keys, second-factor secrets and waiting mail, and derives other keys; the same in every process on one database. Required in production.",
    "type": "at least 32 bytes",
    "byDefault": null,
    "otherwise": "generated into `DATA_DIR` outside production"
  },
  {
    "name": "EVENT_RETENTION",
    "topic": "Data",
    "description": "How long security events are kept at least; they are dropped by the month.",
    "type": "duration",
    "byDefault": "400d",
    "otherwise": null
  },
  {
    "name": "EVENT_HEADS_FILE",
    "topic": "Data",
    "description": "File to which signed heads of the chain of security events are appended.",
    "type": "path",
    "byDefault": null,
    "otherwise": "`event-heads` in `DATA_DIR`"
  },
  {
    "name": "SMTP_URL",
    "topic": "Mail",
    "description": "Mail server; if not set, mail is written to files in `DATA_DIR/mail`, and shown at `/dev/mailbox`, for development only.",
    "type": "`smtp://user:password@host:port`, `smtps://…` for TLS from the start",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "MAIL_TEMPLATES",
    "topic": "Mail",
    "description": "Folder with templates of your own for mails, read and checked at the start: see mail.md.",
    "type": "path",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "SERVICE_NAME",
    "topic": "Mail",
    "description": "Name of the service in authenticator apps and at the foot of each mail.",
    "type": "text",
    "byDefault": "Gatehouse",
    "otherwise": null
  },
  {
    "name": "MAIL_FROM",
    "topic": "Mail",
    "description": "Sender of all mail: one address, with or without a name.",
    "type": "`Name <local@host>` or `local@host`",
    "byDefault": null,
    "otherwise": "`gatehouse@localhost` under `SERVICE_NAME`"
  },
  {
    "name": "ADMIN_USERNAME",
    "topic": "First administrator",
    "description": "Name to sign in with.",
    "type": "text",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "ADMIN_EMAIL",
    "topic": "First administrator",
    "description": "E-mail address; counts as verified.",
    "type": "text",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "ADMIN_PASSWORD",
    "topic": "First administrator",
    "description": "Password; the usual password rules apply to it.",
    "type": "text",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "ARGON2_MEMORY_KIB",
    "topic": "Passwords",
    "description": "Argon2id memory, in KiB; OWASP's minimum is 19456 with two passes. A stored hash that is weaker is replaced at the next sign-in.",
    "type": "number from 8 to 4194304",
    "byDefault": "19456",
    "otherwise": null
  },
  {
    "name": "ARGON2_TIME_COST",
    "topic": "Passwords",
    "description": "Argon2id passes.",
    "type": "number from 1 to 100",
    "byDefault": "2",
    "otherwise": null
  },
  {
    "name": "ARGON2_PARALLELISM",
    "topic": "Passwords",
    "description": "Argon2id lanes.",
    "type": "number from 1 to 64",
    "byDefault": "1",
    "otherwise": null
  },
  {
    "name": "HASHING_CONCURRENCY",
    "topic": "Passwords",
    "description": "Hashes computed at once. At most 3 by default, because files, DNS and signatures share a pool of four threads with them: keep it below `UV_THREADPOOL_SIZE`.",
    "type": "number from 1 to 64",
    "byDefault": null,
    "otherwise": "one less than the cores, from 1 to 3"
  },
  {
    "name": "HASHING_QUEUE",
    "topic": "Passwords",
    "description": "Hashes that may wait; beyond that the answer is `SERVICE_UNAVAILABLE`. Up to 100, the same bound holds for attempts that wait for their turn on one account, and for waiting estimates of password strength.",
    "type": "number from 0 to 10000",
    "byDefault": "500",
    "otherwise": null
  },
  {
    "name": "HASHING_LONGEST_WAIT",
    "topic": "Passwords",
    "description": "Longest expected wait for a hash. Beyond it the answer is `SERVICE_UNAVAILABLE` at once, with the expected seconds as `retryAfter`. Keep it below `OPERATION_TIME_LIMIT`.",
    "type": "duration",
    "byDefault": "5s",
    "otherwise": null
  },
  {
    "name": "PASSWORD_MIN_LENGTH",
    "topic": "Passwords",
    "description": "Shortest password accepted, in code points.",
    "type": "number from 8 to 128",
    "byDefault": "8",
    "otherwise": null
  },
  {
    "name": "LOCKOUT_ATTEMPTS",
    "topic": "Lockout",
    "description": "Wrong passwords that lock an account; wrong codes are counted separately, up to the same number.",
    "type": "number from 1 to 100",
    "byDefault": "5",
    "otherwise": null
  },
  {
    "name": "LOCKOUT_DURATION",
    "topic": "Lockout",
    "description": "How long the account stays locked, and how long failures are remembered.",
    "type": "duration",
    "byDefault": "30m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_LOGIN",
    "topic": "Rate limits",
    "description": "Sign-ins and uses of mailed links, per client address.",
    "type": "rate",
    "byDefault": "10/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_TWO_FACTOR",
    "topic": "Rate limits",
    "description": "Codes of the second factor at sign-in, per client address.",
    "type": "rate",
    "byDefault": "10/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_PASSWORD_RESET",
    "topic": "Rate limits",
    "description": "Requests for a reset mail, per client address and per e-mail address.",
    "type": "rate",
    "byDefault": "10/1h",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_PASSWORD_STRENGTH",
    "topic": "Rate limits",
    "description": "Estimates of a password's strength, per client address.",
    "type": "rate",
    "byDefault": "60/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_REGISTER",
    "topic": "Rate limits",
    "description": "Registrations, per client address.",
    "type": "rate",
    "byDefault": "3/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_VERIFICATION",
    "topic": "Rate limits",
    "description": "Requests for another verification mail, per client address; changes of address, per signed-in caller; and registrations, verification mails and changes of address, per e-mail address.",
    "type": "rate",
    "byDefault": "20/1h",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_REFRESH",
    "topic": "Rate limits",
    "description": "Session refreshes, per client address.",
    "type": "rate",
    "byDefault": "120/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_MUTATION",
    "topic": "Rate limits",
    "description": "Other mutations, new subscriptions and `previewRoleChange`, per signed-in caller.",
    "type": "rate",
    "byDefault": "300/1m",
    "otherwise": null
  },
  {
    "name": "RATE_LIMIT_COST",
    "topic": "Rate limits",
    "description": "Cost of all operations and events, per account, per API token (half of the rate) and, for anonymous callers, per client address; see operations.",
    "type": "rate",
    "byDefault": "600000/1m",
    "otherwise": null
  },
  {
    "name": "ACCESS_TOKEN_LIFETIME",
    "topic": "Lifetimes",
    "description": "Lifetime of an access token; at most a day, because services that verify it themselves learn of no revocation.",
    "type": "duration, at most `1d`",
    "byDefault": "1h",
    "otherwise": null
  },
  {
    "name": "ACCESS_TOKEN_LIFETIME_REMEMBERED",
    "topic": "Lifetimes",
    "description": "The same after a sign-in with `rememberMe`.",
    "type": "duration, at most `1d`",
    "byDefault": "24h",
    "otherwise": null
  },
  {
    "name": "REFRESH_LIFETIME_FACTOR",
    "topic": "Lifetimes",
    "description": "Lifetime of a refresh token, and so of an unused session, as a multiple of the access token's lifetime.",
    "type": "number from 1 to 10000",
    "byDefault": "7",
    "otherwise": null
  },
  {
    "name": "SESSION_LIFETIME",
    "topic": "Lifetimes",
    "description": "A session ends at the latest after this time, however often it is refreshed.",
    "type": "duration",
    "byDefault": "30d",
    "otherwise": null
  },
  {
    "name": "REAUTHENTICATION_AFTER",
    "topic": "Lifetimes",
    "description": "Age from which the proof of who somebody is, their sign-in or `reauthenticate`, no longer counts for dangerous actions: see security. `off`: they never ask for another.",
    "type": "duration, or `off`",
    "byDefault": "10m",
    "otherwise": null
  },
  {
    "name": "SESSIONS_PER_ACCOUNT",
    "topic": "Lifetimes",
    "description": "Sessions that one account may have at a time; a further sign-in ends the one that was used longest ago.",
    "type": "number from 1 to 10000",
    "byDefault": "100",
    "otherwise": null
  },
  {
    "name": "VERIFICATION_LIFETIME",
    "topic": "Lifetimes",
    "description": "Lifetime of the link in a verification mail.",
    "type": "duration",
    "byDefault": "24h",
    "otherwise": null
  },
  {
    "name": "PASSWORD_RESET_LIFETIME",
    "topic": "Lifetimes",
    "description": "Lifetime of the link in a reset mail.",
    "type": "duration",
    "byDefault": "10m",
    "otherwise": null
  },
  {
    "name": "EMAIL_CHANGE_LIFETIME",
    "topic": "Lifetimes",
    "description": "Lifetime of the link that confirms a new address.",
    "type": "duration",
    "byDefault": "24h",
    "otherwise": null
  },
  {
    "name": "EMAIL_UNDO_LIFETIME",
    "topic": "Lifetimes",
    "description": "Lifetime of the links that undo a change of address or disown a registration.",
    "type": "duration",
    "byDefault": "7d",
    "otherwise": null
  },
  {
    "name": "SIGNING_KEY_LIFETIME",
    "topic": "Lifetimes",
    "description": "Age at which the key that signs access tokens is replaced.",
    "type": "duration",
    "byDefault": "90d",
    "otherwise": null
  },
  {
    "name": "SIGNING_ALGORITHM",
    "topic": "Lifetimes",
    "description": "Algorithm of new signing keys; `ES256` is for services whose libraries lack EdDSA. Another value replaces the key at the next start: see resource servers.",
    "type": "`EdDSA`, `ES256`",
    "byDefault": "EdDSA",
    "otherwise": null
  },
  {
    "name": "METRICS_PORT",
    "topic": "Metrics",
    "description": "TCP port of the metrics for Prometheus, at `/metrics` and without sign-in; `0` picks a free port; if not set, there are no metrics.",
    "type": "number from 0 to 65535",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "METRICS_HOST",
    "topic": "Metrics",
    "description": "IP address or host name on which the metrics are served; whoever reaches it may read them.",
    "type": "IP address or host name",
    "byDefault": "127.0.0.1",
    "otherwise": null
  },
  {
    "name": "METRICS_OPERATIONS",
    "topic": "Metrics",
    "description": "Names of operations that the metrics tell apart, besides those of the pages and of `gatehouse/client`.",
    "type": "names, separated by commas; at most 500",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "LOG_LEVEL",
    "topic": "Logging",
    "description": "Least severe level that is logged; may be changed while the service runs.",
    "type": "`trace`, `debug`, `info`, `warn`, `error`, `fatal`, `silent`",
    "byDefault": "info",
    "otherwise": null
  },
  {
    "name": "LOG_FILE",
    "topic": "Logging",
    "description": "File to write the log to, as JSON lines; rotated at 10 MB, ten older ones are kept.",
    "type": "path",
    "byDefault": null,
    "otherwise": "standard output"
  },
  {
    "name": "OTEL_EXPORTER_OTLP_ENDPOINT",
    "topic": "Traces",
    "description": "Where traces go, by OTLP over HTTP, without `/v1/traces`; turns them on.",
    "type": "URL",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "topic": "Traces",
    "description": "The same for traces alone, with its whole path.",
    "type": "URL",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "OTEL_TRACES_EXPORTER",
    "topic": "Traces",
    "description": "`otlp` turns traces on, without an endpoint to `http://localhost:4318`; `none` turns them off.",
    "type": "`otlp`, `none`",
    "byDefault": null,
    "otherwise": "`otlp` with an endpoint, otherwise `none`"
  },
  {
    "name": "OTEL_SDK_DISABLED",
    "topic": "Traces",
    "description": "`true` turns traces off.",
    "type": "`true`, `false`",
    "byDefault": "false",
    "otherwise": null
  },
  {
    "name": "OTEL_EXPORTER_OTLP_PROTOCOL",
    "topic": "Traces",
    "description": "Encoding of traces.",
    "type": "`http/protobuf`, `http/json`",
    "byDefault": "http/protobuf",
    "otherwise": null
  },
  {
    "name": "OTEL_EXPORTER_OTLP_HEADERS",
    "topic": "Traces",
    "description": "Headers for the collector, such as `authorization=Bearer%20…`; values are percent-encoded.",
    "type": "`name=value`, separated by commas",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "OTEL_SERVICE_NAME",
    "topic": "Traces",
    "description": "Name of the service in traces.",
    "type": "text",
    "byDefault": null,
    "otherwise": "`service.name` of `OTEL_RESOURCE_ATTRIBUTES`, otherwise `gatehouse`"
  },
  {
    "name": "OTEL_RESOURCE_ATTRIBUTES",
    "topic": "Traces",
    "description": "Attributes of all spans, such as `deployment.environment.name=staging`; values are percent-encoded.",
    "type": "`name=value`, separated by commas",
    "byDefault": null,
    "otherwise": null
  },
  {
    "name": "OTEL_TRACES_SAMPLER",
    "topic": "Traces",
    "description": "Which operations and jobs are traced; `parentbased_…` leaves it to the client when that names a trace.",
    "type": "`always_on`, `always_off`, `traceidratio`, `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio`",
    "byDefault": "parentbased_always_on",
    "otherwise": null
  },
  {
    "name": "OTEL_TRACES_SAMPLER_ARG",
    "topic": "Traces",
    "description": "The share that is traced, for the samplers with `traceidratio`.",
    "type": "number from 0 to 1",
    "byDefault": "1",
    "otherwise": null
  },
  {
    "name": "OTEL_BSP_SCHEDULE_DELAY",
    "topic": "Traces",
    "description": "Longest time until spans are sent, in milliseconds.",
    "type": "number from 1 to 600000",
    "byDefault": "5000",
    "otherwise": null
  }
];
