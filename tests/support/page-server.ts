import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Files } from './client-bundle.js';

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  ttf: 'font/ttf',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/** Serves pages of an origin of their own, as a single-page app has. */
export class PageServer {
  private files: Files = new Map();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<PageServer> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = served.files.get(pathname);
      const type = types[/\.(\w+)$/.exec(pathname)?.[1] ?? ''] ?? 'text/html';
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const served = new PageServer(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    return served;
  }

  serve(files: Files): void {
    this.files = files;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
