import { types } from 'node:util';

/**
 * Jest runs files in a context with an Error class of its own, so errors that Node itself makes (ECONNRESET …)
 * would be no `instanceof Error` there, and the service would take them for something else than it does in production.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(error) {
    return Function.prototype[Symbol.hasInstance].call(this, error) || (this === Error && types.isNativeError(error));
  },
});

/**
 * In one process Jest hands each file the globals that it finds in its own context. Among them is what MikroORM has put
 * there for global setup, and for the files before: it would copy Maps of another context, and fail.
 */
for (const name of Object.getOwnPropertyNames(globalThis)) if (name.startsWith('mikro-orm')) delete globalThis[name];
