import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const compilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  target: 'ES2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'NodeNext',
  types: ['node'],
  paths: { 'gatehouse/client': [resolve('client/gatehouse.ts')] },
  // The client is compiled, too, from its own folder.
  rootDir: '/',
  outDir: 'out',
};

/** An application in a folder of its own, which uses the packages that are installed here. */
export class Project {
  private constructor(private readonly folder: string) {}

  /** @param files their text by their path */
  static async make(files: Readonly<Record<string, string>>): Promise<Project> {
    const project = new Project(await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-app-'))));
    await symlink(resolve('node_modules'), join(project.folder, 'node_modules'));
    await project.write({
      'package.json': JSON.stringify({ type: 'module' }),
      'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
      'schema.graphql': await readFile('schema.graphql', 'utf8'),
      ...files,
    });
    return project;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await writeFile(join(this.folder, path), text);
    }
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  /**
   * Runs a program of a package in the folder.
   * @param program its path below node_modules
   * @returns what it writes to both outputs; also when it fails
   */
  async run(program: string, ...options: string[]): Promise<{ failed: boolean; output: string }> {
    const command = [join('node_modules', program), ...options];
    const answer = promisify(execFile)(process.execPath, command, { cwd: this.folder });
    return answer.then(
      ({ stdout, stderr }) => ({ failed: false, output: stdout + stderr }),
      ({ stdout, stderr }) => ({ failed: true, output: stdout + stderr }),
    );
  }

  /** Type-checks and compiles the TypeScript files of the folder itself. @returns what the compiler complains about */
  async compile(): Promise<string> {
    return (await this.run('typescript/bin/tsc')).output;
  }

  /** Loads a module that has been compiled. @param name without its extension */
  load<Module>(name: string): Promise<Module> {
    return import(pathToFileURL(join(this.folder, 'out', this.folder, `${name}.js`)).href) as Promise<Module>;
  }

  /** Loads a module as it is in the folder. */
  async loadScript<Exports>(path: string): Promise<Exports> {
    return ((await import(pathToFileURL(join(this.folder, path)).href)) as { default: Exports }).default;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
